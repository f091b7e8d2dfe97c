"""Say in sentences what held of a market at one moment."""

from collections.abc import Mapping
from typing import Any

from runner.web.moments import Change

USUAL = ("kept",)
"""Reasons of an undisturbed quote: named last."""


def moment_told(
    figures: Mapping[str, float | None], change: Change, sentences: Mapping[str, str]
) -> dict[str, Any]:
    """Return a moment's figures, and a list of sentences a side, the unusual ones first."""
    return {
        "stamp_s": figures.get("stamp_s"),
        "since_s": change.stamp_s,
        "state": change.state,
        "why": change.why,
        "figures": figures,
        "bid": _said(change.bid_reasons, sentences),
        "ask": _said(change.ask_reasons, sentences),
    }


def _said(names: tuple[str, ...], sentences: Mapping[str, str]) -> list[dict[str, str]]:
    ordered = sorted(names, key=lambda name: name in USUAL)
    return [{"name": name, "sentence": sentences.get(name, "")} for name in ordered]
