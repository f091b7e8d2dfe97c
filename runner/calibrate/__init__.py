"""Fit a market's numbers to a tape, with errors, and refuse what the tape does not carry.

Offline only: numpy is at home here. `recording` turns a tape into series, the other modules fit one
thing each, `market` puts them together, `overrides` writes what was accepted as configuration.
"""
