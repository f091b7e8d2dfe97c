"""Merge what each market is made of by itself, before all of it meets the rest.

OmegaConf walks over everything that is merged so far with each merge. A hundred markets of seven
files each, one after another into one tree, take it half a minute.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from hydra.core.default_element import ResultDefault
from omegaconf import Container, DictConfig, OmegaConf, flag_override

MARKETS = "markets."
HYDRA = "hydra"

Load = Callable[[ResultDefault], Container]


@dataclass
class Bundle(ResultDefault):
    """Files of markets, in their order, that Hydra is to take for one."""

    files: tuple[ResultDefault, ...] = ()


def bundled(defaults: Sequence[ResultDefault]) -> list[ResultDefault]:
    """Return a composition's files, those of its markets as one.

    They come first, after Hydra's own: nothing that markets are made of is there before them. Where
    that is not so all files stay apart.
    """
    before = list(takewhile(_is_hydras, defaults))
    of_markets = list(takewhile(_market, defaults[len(before) :]))
    after = defaults[len(before) + len(of_markets) :]
    if len(of_markets) < 2:
        return list(defaults)
    path = of_markets[0].config_path
    return [*before, Bundle(config_path=path, files=tuple(of_markets)), *after]


def merged(bundle: Bundle, load: Load) -> DictConfig:
    """Return what a bundle's files say: of each market in their order, of all side by side."""
    markets: dict[str, list[Container]] = {}
    for file in bundle.files:
        markets.setdefault(_market(file), []).append(load(file))
    return _side_by_side([_in_order(parts) for parts in markets.values()])


def _in_order(parts: Sequence[Container]) -> DictConfig:
    """Merge as Hydra does: later ones win."""
    whole = OmegaConf.create()
    with flag_override(whole, "no_deepcopy_set_nodes", True):
        for part in parts:
            whole.merge_with(part)
    return whole


def _side_by_side(parts: Sequence[DictConfig]) -> DictConfig:
    """Merge what has no key in common, halves first."""
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return _in_order([_side_by_side(parts[:half]), _side_by_side(parts[half:])])


def _is_hydras(file: ResultDefault) -> bool:
    return (file.package or "").partition(".")[0] == HYDRA


def _market(file: ResultDefault) -> str:
    """Return the market that a file is of, nothing for one of something else."""
    package = file.package or ""
    return package.removeprefix(MARKETS).partition(".")[0] if package.startswith(MARKETS) else ""
