"""Write what was accepted as a configuration that mmrunner composes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from runner.calibrate.estimate import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from runner.calibrate.knobs import Knob, Value
    from runner.calibrate.market import MarketFit

GROUP = "calibration"
CHOICE = "fitted"


def use(directory: Path) -> str:
    """Return the words that make mmrunner use a calibration of a run directory."""
    return f"mmrunner --config-dir {directory} {GROUP}={CHOICE}"


def override_text(fits: Sequence[MarketFit], tape: str, config_hash: str) -> str | None:
    """Return the file's text; None when nothing was accepted, so there is nothing to use."""
    blocks = [block for fit in fits if (block := "\n".join(_market(fit)))]
    if not blocks:
        return None
    head = [
        "# @package _global_",
        f"# Fitted to {tape}, config {config_hash[:12]}:",
        *(f"#   {fit.name}: {_span(fit)}" for fit in fits),
        "markets:",
    ]
    return "\n".join([*head, *blocks]) + "\n"


def _market(fit: MarketFit) -> Iterator[str]:
    accepted = [knob for knob in fit.knobs if not isinstance(knob.value, Refused)]
    if not accepted:
        return
    yield f"  {fit.name}:"
    before: list[str] = []
    for knob in accepted:
        *blocks, key = knob.path.split(".")
        for depth, name in enumerate(blocks):
            if before[: depth + 1] != blocks[: depth + 1]:
                yield f"{'  ' * (2 + depth)}{name}:"
        before = blocks
        indent = "  " * (2 + len(blocks))
        yield f"{indent}# {_grounds(knob)}"
        yield f"{indent}{key}: {value_text(knob.value)}"


def value_text(value: Value | Refused) -> str:
    """Return a value as YAML."""
    if isinstance(value, tuple):
        return f"[{', '.join(f'{item:g}' for item in value)}]"
    return f"refused: {value.why}" if isinstance(value, Refused) else f"{value:g}"


def _grounds(knob: Knob) -> str:
    was = "" if knob.now is None else f"was {knob.now:g}"
    return "; ".join(part for part in (knob.grounds, was) if part)


def _span(fit: MarketFit) -> str:
    first, last = (
        datetime.fromtimestamp(ns / 1e9, UTC).strftime("%Y-%m-%d %H:%M:%S")
        for ns in (fit.recording.start_ns, fit.recording.end_ns)
    )
    return f"{first} to {last} UTC"
