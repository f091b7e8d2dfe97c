"""The tab key completes groups, choices and keys."""

from collections.abc import Callable

import pytest

QUERIES = {
    "mmrunner strat": {"strategy=", "strategy."},
    "mmrunner market=btc_": {
        *("market=btc_hedge", "market=btc_hedge2", "market=btc_lead", "market=btc_leg"),
        *("market=btc_leg2", "market=btc_spot"),
    },
    "mmrunner market=s": {"market=sol", "market=sol_hedge"},
    "mmrunner tape=binance_r": {"tape=binance_raw"},
    "mmrunner market=btc markets.btc.order_size_b": {"markets.btc.order_size_base="},
    "mmrunner gam": {"gamma="},
    "mmrunner explain-config prof": {"profile="},
    "mmrunner -m mode=repl": {"mode=replay"},
}


@pytest.mark.parametrize(("line", "words"), QUERIES.items(), ids=QUERIES.keys())
def test_query(
    line: str, words: set[str], command: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMP_LINE", line)
    monkeypatch.setenv("COMP_POINT", str(len(line)))
    outcome = command("-sc", "query=bash")
    assert (outcome.code, outcome.err) == (0, "")
    assert set(outcome.out.split()) == words
    assert not outcome.home.exists()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_install(shell: str, command: Callable) -> None:
    outcome = command("-sc", f"install={shell}")
    assert outcome.code == 0
    assert "_completion" in outcome.out


def test_nonsense_is_one_line(command: Callable) -> None:
    for words in (["instal=bash"], ["install=tcsh"], []):
        outcome = command("-sc", *words)
        assert outcome.code == 2
        assert outcome.line.startswith("-sc: expected install=SHELL")
