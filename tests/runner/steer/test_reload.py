"""Files that have changed are gone by whole, or not at all, and either way somebody is told."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.model.errors import ConfigError
from runner.engine.ledger.entries import Entry, Steered
from runner.settings import Settings
from runner.steer.difference import differences, require_steerable
from runner.steer.reload import Reload
from tests.deploys import settings_for
from tests.runner.steer.sessions import BUSY, Played, played
from tests.virtual import SetClock

WORDS = (*BUSY, "market=btc", "duration_s=2")


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Return a session that has ended, as if it had not."""
    session = played(tmp_path_factory.mktemp("ended"), {}, "market=btc", duration_s=2)
    session.commands.stations["btc"].is_stopping = False
    return session


def reloaded(session: Played, recompose: Callable[[], Settings] | None) -> tuple[str, Steered]:
    """Return what was told of a reload, and what was written down."""
    told: list[str] = []
    written: list[Entry] = []
    clock = session.commands.clock
    reload = Reload(
        session.tuner,
        recompose,
        clock,
        lambda now_ns, market, text: told.append(text),
        written.append,
    )
    asyncio.run(reload.once("SIGHUP"))
    (line,), (entry,) = told, written
    assert isinstance(entry, Steered)
    return line, entry


def test_what_has_changed_is_applied_and_shown(ended: Played) -> None:
    line, entry = reloaded(ended, lambda: settings_for(*WORDS, "gamma=0.5", "risk.collar_bps=150"))
    assert "markets.btc.strategy.gamma 0.2 -> 0.5" in line
    assert "risk.collar_bps 200.0 -> 150.0" in line
    assert (entry.what, entry.who, entry.done) == ("reload", "SIGHUP", True)
    market = ended.worker("btc").market
    assert (market.desk.params.gamma, market.limits.collar_bps) == (0.5, 150.0)
    line, _ = reloaded(ended, lambda: ended.tuner.settings)
    assert "the configuration is what it was" in line


def test_one_key_that_needs_a_restart_keeps_all_of_it_out(ended: Played) -> None:
    before = ended.tuner.settings
    line, entry = reloaded(
        ended,
        lambda: settings_for(*WORDS, "gamma=0.9", "venue.entry_latency_ms=77"),
    )
    assert "nothing changed: needs a restart: markets.btc.venue.entry_latency_ms" in line
    assert not entry.done
    assert ended.tuner.settings is before
    assert ended.worker("btc").market.desk.params.gamma != 0.9


def test_files_that_cannot_be_composed_change_nothing(ended: Played) -> None:
    def broken() -> Settings:
        raise ConfigError("conf/local/default.yaml:3: expected ','")

    line, entry = reloaded(ended, broken)
    assert line == "reload by SIGHUP: nothing changed: conf/local/default.yaml:3: expected ','"
    assert not entry.done
    line, _ = reloaded(ended, None)
    assert "was not composed from files" in line


def test_the_deploys_own_knobs_are_told_by_the_markets_that_take_them(tmp_path: Path) -> None:
    found = differences(settings_for("market=btc"), settings_for("market=btc", "gamma=0.4"))
    assert [str(each) for each in found] == ["markets.btc.strategy.gamma 0.2 -> 0.4"]
    require_steerable(found)
    other = differences(settings_for("market=btc"), settings_for("market=btc", "strategy=glft"))
    with pytest.raises(ConfigError, match="needs a restart"):
        require_steerable(other)


def test_asking_twice_reads_once() -> None:
    reads: list[int] = []

    def recompose() -> Settings:
        reads.append(1)
        raise ConfigError("enough")

    async def main() -> None:
        reload = Reload(None, recompose, SetClock(0), lambda *told: None, lambda entry: None)  # type: ignore[arg-type]
        for _ in range(5):
            reload.ask("SIGHUP")
        running = asyncio.create_task(reload.run())
        while not reads:  # noqa: ASYNC110
            await asyncio.sleep(0)
        for _ in range(100):
            await asyncio.sleep(0)
        running.cancel()

    asyncio.run(main())
    assert reads == [1]
