"""Markets that are merged by themselves first are what Hydra makes of all files in a row."""

from pathlib import Path
from typing import Any

import pytest
from hydra.core.default_element import ResultDefault
from omegaconf import DictConfig, OmegaConf

from runner.config.bundle import Bundle, bundled
from runner.config.compose import load, new_loader
from runner.config.provenance import Provenance

HYDRA = ResultDefault("hydra/config", package="hydra")
ROOT = ResultDefault("config", package="")
ETH = [
    ResultDefault("venue/sim", package="markets.eth.venue"),
    ResultDefault("market/eth", package="markets.eth"),
]


def composed(checkout: Path, words: list[str]) -> tuple[Any, Provenance]:
    loader = new_loader(checkout)
    return load(loader, words), loader.provenance


def shape(node: Any) -> Any:
    """Return what a node is, with its flags and the order of its keys."""
    if not isinstance(node, DictConfig) or node._is_none():
        return repr(node)
    items = [(key, shape(value)) for key, value in node.items_ex(resolve=False)]
    return node._metadata.flags, items


@pytest.mark.parametrize(
    "words",
    [
        [
            "market=[btc,eth,sol]",
            "strategy@markets.eth.strategy=linear",
            "markets.sol.underlying=X",
        ],
        ["experiment=lighter_bybit_hedged"],
    ],
    ids=["one apart", "hedged"],
)
def test_a_bundle_says_what_its_files_say_in_a_row(
    words: list[str], checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, written = composed(checkout, words)
    monkeypatch.setattr("runner.config.loader.bundled", list)
    hydras, written_in_a_row = composed(checkout, words)
    for config in (ours, hydras):
        OmegaConf.set_struct(config, False)
        config.pop("hydra")
    assert shape(ours) == shape(hydras)
    assert written == written_in_a_row


def test_only_markets_that_come_first_are_bundled() -> None:
    bundle = bundled([HYDRA, *ETH, ROOT])
    assert [type(file) for file in bundle] == [ResultDefault, Bundle, ResultDefault]
    assert isinstance(bundle[1], Bundle)
    assert list(bundle[1].files) == ETH
    for files in ([HYDRA, ROOT, *ETH], [HYDRA, ETH[0], ROOT], [ROOT], []):
        assert bundled(files) == files
