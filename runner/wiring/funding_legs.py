"""Read the histories of funding pairs, from settings."""

from collections.abc import Mapping
from pathlib import Path

from connectors.model.errors import ConfigError, DataError
from connectors.tape.funding import read_funding
from runner.funding.history import Leg, Settled
from runner.settings import Funding, FundingLeg, FundingRules
from strategies.funding.rules import Rules

FEWEST = 3
"""Settlements a history must have: two intervals."""


def rules_of(rules: FundingRules) -> Rules:
    """Return the rules as the decision reads them."""
    told = rules.model_dump()
    del told["lookback_h"]
    return Rules(**told)


def legs_of(funding: Funding) -> Mapping[str, Leg]:
    """Read every leg that a pair has, each by its own clock; none without a pair.

    Raises ConfigError or DataError in one line for a file that cannot be had or read.
    """
    used = {name for pair in funding.pairs.values() for name in (pair.first, pair.second)}
    return {name: _leg(name, leg, funding) for name, leg in funding.legs.items() if name in used}


def _leg(name: str, leg: FundingLeg, funding: Funding) -> Leg:
    settled = [] if leg.file is None else _settled(name, leg, funding)
    return Leg(name, settled, leg.fee_bps, leg.slippage_bps, leg.can_short)


def _settled(name: str, leg: FundingLeg, funding: Funding) -> list[Settled]:
    path = _file(name, leg, funding.path)
    begin = funding.begin if funding.begin is not None else 0
    found = [
        row
        for row in read_funding(path, leg.utc_offset_h, f"funding.legs.{name}.utc_offset_h")
        if begin <= row[0] and (funding.end is None or row[0] < funding.end)
    ]
    if len(found) < FEWEST:
        raise DataError(f"{path}: expected {FEWEST} settlements or more, was {len(found)}")
    return found


def _file(name: str, leg: FundingLeg, folder: Path | None) -> Path:
    if folder is None:
        raise ConfigError("funding.path: expected the folder of the histories, was null")
    found = sorted(folder.glob(str(leg.file)))
    if len(found) != 1:
        was = ", ".join(path.name for path in found) or "none"
        raise ConfigError(f"funding.legs.{name}.file: expected one file in {folder}, was {was}")
    return found[0]
