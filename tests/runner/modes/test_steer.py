import asyncio
from pathlib import Path

import pytest

from connectors.model.errors import ConfigError
from runner.control.address import socket_of
from runner.control.server import Server
from runner.modes.steer import _ask, command_of, lines, run
from runner.places import Places, RunDirectory
from tests.deploys import CHECKOUT, settings_for
from tests.runner.control.pictures import Source, market, picture
from tests.virtual import SetClock


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("pause btc", ("pause", "btc", "", "", "")),
        ("resume all", ("resume", "all", "", "", "")),
        ("set btc strategy.gamma 0.3", ("set", "btc", "strategy.gamma", "0.3", "")),
        ("kill all seen enough", ("kill", "all", "", "", "seen enough")),
    ],
)
def test_a_line_is_a_command(text: str, told: tuple[str, ...]) -> None:
    asked = command_of(text, "one", "ada")
    assert (asked.what, asked.market, asked.key, asked.value, asked.reason) == told


@pytest.mark.parametrize("text", ["pause", "dance btc", "set btc gamma", "pause btc eth"])
def test_a_line_that_is_none_says_what_was_expected(text: str) -> None:
    with pytest.raises(ConfigError, match="ask: expected"):
        command_of(text, "one", "ada")


def test_the_answer_of_a_deploy_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def main() -> tuple[int, Source]:
        source = Source()
        path = socket_of(tmp_path, "default")
        listener = await Server(source, SetClock(0)).listen(path)
        code = await _ask(path, "pull btc")
        listener.close()
        return code, source

    code, source = asyncio.run(main())
    assert (code, source.asked[0][0].market) == (0, "btc")
    assert capsys.readouterr().out == "pull: done\n"


def test_a_deploy_that_does_not_run_is_no_crash(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_for("mode=steer", "ask=pause btc")
    assert run(settings, Places(tmp_path, CHECKOUT, RunDirectory(tmp_path / "run"))) == 3
    assert "default: nobody listens" in capsys.readouterr().out


def test_how_every_market_is_takes_a_line_each() -> None:
    paused = market("eth", state="paused", why=("paused by ada",), paused_by="ada")
    told = list(lines(picture(markets=(market(), paused))))
    assert told[0] == "green"
    assert told[1] == "btc: quoting; position 0.02 BTC, net 1.25 USDT, 2 fills, 0 orders"
    assert told[2].startswith("eth: paused (paused by ada); position")
