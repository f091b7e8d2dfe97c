"""Decide what to quote: pure, compilable, without I/O and without a clock."""

from strategies.strategy import Side, Strategy, Wanted

__all__ = ["Side", "Strategy", "Wanted"]
