"""Commands are carried out once, between two decisions, written down, and replayed to the bit."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from runner.control.words import Command
from runner.engine.history import History
from runner.engine.session import HALTED, Session
from runner.modes.recorded import open_recording, replay_recording
from runner.steer.commands import MOST_ANSWERS
from tests.deploys import KERNEL_CACHE, settings_for
from tests.runner.control.pictures import command
from tests.runner.steer.sessions import Played, S, played
from tests.virtual import START_NS

STEERED = {
    5.0: [command("set", "a", key="strategy.gamma", value="0.9", market="btc")],
    8.0: [command("set", "b", key="order_size_quote", value="3000")],
    14.0: [command("flatten", "c", market="eth")],
    22.0: [command("resume", "d", market="eth")],
    28.0: [command("pull", "e"), command("resume", "f", market="btc")],
}


@pytest.fixture(scope="module")
def steered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Played]:
    directory = tmp_path_factory.mktemp("steered")
    return directory, played(directory, STEERED)


def test_a_flattened_market_becomes_flat_stays_paused_and_quotes_once_it_is_resumed(
    steered: tuple[Path, Played],
) -> None:
    _, session = steered
    assert [answer.done for answer in session.answers] == [True] * 6
    assert session.seen("eth", 13.9, 14)[-1][1] != 0, "nothing was there to take out"
    assert set(session.seen("eth", 20, 22)) == {(0, 0)}
    assert any(orders for orders, _ in session.seen("eth", 22.5, 28))
    assert any(orders for orders, _ in session.seen("btc", 20, 22)), "the other one goes on"


def test_a_pulled_market_has_nothing_resting_and_a_resumed_one_quotes(
    steered: tuple[Path, Played],
) -> None:
    _, session = steered
    assert {orders for orders, _ in session.seen("eth", 30, 40)} == {0}
    assert any(orders for orders, _ in session.seen("btc", 30, 40))


@pytest.mark.parametrize("compiled", [False, True])
def test_what_was_steered_replays_to_the_same_decisions(
    steered: tuple[Path, Played], compiled: bool
) -> None:
    directory, session = steered
    tape = f"tape.path={directory / 'tapes'}"
    settings = settings_for("mode=replay", "tape=mmrunner", tape, "replay.fills=recorded")
    for name in ("btc", "eth"):
        recording = open_recording(settings, name)
        replayed = replay_recording(recording, History(), KERNEL_CACHE, compiled=compiled)
        desk = session.worker(name).market.desk
        assert replayed.agreement.first is None
        assert replayed.agreement.decisions == desk.tally.decisions > 100
        assert replayed.desk.params.order_lots == desk.params.order_lots
        assert replayed.desk.params.gamma == (0.9 if name == "btc" else 0.2)
        assert replayed.limits.max_order_lots == session.worker(name).market.limits.max_order_lots


def asked(directory: Path, *commands: Command, words: tuple[str, ...] = ("market=btc",)) -> Played:
    """Play a short session to which commands come after 3 s, one after another."""
    return played(directory, {3.0: commands}, *words, duration_s=6, ledger=directory / "x.sqlite")


def rows(directory: Path) -> list[tuple[object, ...]]:
    """Return what the ledger has of commands."""
    with closing(sqlite3.connect(directory / "x.sqlite")) as db:
        return db.execute("SELECT identity, who, role, uid, what, done FROM commands").fetchall()


def test_a_command_that_comes_again_is_answered_alike_and_carried_out_once(tmp_path: Path) -> None:
    session = asked(
        tmp_path, command("pause"), command("resume", "two"), command("pause"), command("pause")
    )
    first, _, third, fourth = session.answers
    assert first == third == fourth
    assert session.commands.paused == {}
    assert [row[0] for row in rows(tmp_path)] == ["one", "two"]


def test_who_asked_for_what_and_what_became_of_it_is_in_the_ledger(tmp_path: Path) -> None:
    asked(tmp_path, command("pause"), command("pause", "two", market="bct"))
    assert rows(tmp_path) == [
        ("one", "ada", "operate", 1000, "pause", 1),
        ("two", "ada", "operate", 1000, "pause", 0),
    ]


@pytest.mark.parametrize(
    ("refused", "line"),
    [
        (command("pause", market="bct"), "did you mean btc"),
        (command("resume", market="btc"), "nobody has paused it"),
        (command("kill", market="btc"), "expected market=all"),
        (command("set", key="strategy.gamma", value="7"), "expected a number from 0.01 to 1"),
        (command("set", key="strategy.gama", value="0.3"), "did you mean strategy.gamma"),
        (command("set", key="venue.entry_latency_ms", value="3"), "needs a restart"),
        (command("set", key="order_size_quote", value="1"), "expected"),
        (command("set", key="order_size_base", value="0.01"), "set the other to null"),
        (command("set", key="risk.collar_bps", value="null"), "expected a number"),
    ],
    ids=lambda given: given.what if isinstance(given, Command) else given.replace(" ", "_"),
)
def test_what_cannot_be_is_refused_with_one_line_and_changes_nothing(
    refusing: Played, refused: Command, line: str
) -> None:
    fresh = Command(
        identity=f"{refused.what}-{abs(hash(line))}",
        what=refused.what,
        who="ada",
        role="operate",
        market=refused.market,
        key=refused.key,
        value=refused.value,
    )
    before = refusing.tuner.settings
    answer = refusing.commands.obey(fresh, 1000)
    assert not answer.done
    assert line in answer.line
    assert "\n" not in answer.line
    assert refusing.tuner.settings is before
    assert refusing.commands.paused == {}


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Return a session that has ended, as if it had not; its ledger is closed."""
    session = played(tmp_path_factory.mktemp("refusing"), {}, "market=btc", duration_s=2)
    session.commands.record = lambda entry: None
    session.commands.stations["btc"].is_stopping = False
    return session


def test_who_may_only_look_can_ask_for_nothing_not_even_a_kill(refusing: Played) -> None:
    for what in ("kill", "pause", "set"):
        asked = Command(f"reader-{what}", what, "eve", "read")  # type: ignore[arg-type]
        answer = refusing.commands.obey(asked, 1000)
        assert (answer.done, "expected operate, was read" in answer.line) == (False, True)


def test_a_kill_ends_the_deploy_and_a_stopping_one_refuses_the_rest(tmp_path: Path) -> None:
    session = asked(tmp_path, command("kill", reason="enough"), command("pause", "two"))
    assert session.finished.code == HALTED
    assert [answer.done for answer in session.answers] == [True, False]
    assert "stopping" in session.answers[1].line
    assert any("killed by ada (operate), user 1000: enough" in text for text in session.warnings)


def test_a_pause_outlasts_its_process_and_a_resume_ends_it(tmp_path: Path) -> None:
    asked(tmp_path, command("pause"), words=("market=[btc,eth]",))
    again = played(
        tmp_path / "again",
        {4.0: [command("resume", "two", market="btc")]},
        duration_s=8,
        ledger=tmp_path / "x.sqlite",
        start_ns=START_NS + 100 * S,
    )
    assert {orders for orders, _ in again.seen("btc", 0, 4)} == {0}
    assert any(orders for orders, _ in again.seen("btc", 5, 8))
    assert {orders for orders, _ in again.seen("eth", 0, 8)} == {0}
    assert again.commands.paused == {"eth": "ada"}


def test_a_market_that_is_made_anew_keeps_its_pause_and_its_parameters(tmp_path: Path) -> None:
    def fail(session: Session) -> None:
        (station,) = next(iter(session.stations.values()))
        heard = station.worker.on_batch
        count = [0]

        def once(*batch: object) -> None:
            count[0] += 1
            if count[0] == 400:
                raise ZeroDivisionError("made to fail")
            heard(*batch)  # type: ignore[arg-type]

        station.worker = _Failing(station.worker, once)  # type: ignore[assignment]

    session = played(
        tmp_path,
        {1.0: [command("set", key="strategy.gamma", value="0.7"), command("pause", "two")]},
        "market=btc",
        prepare=fail,
        duration_s=30,
    )
    assert any("restarted; segment 2" in text for text in session.warnings)
    desk = session.worker("btc").market.desk
    assert (desk.params.gamma, desk.is_paused) == (0.7, True)
    assert {orders for orders, _ in session.seen("btc", 3, 30)} == {0}


def test_a_hedge_goes_on_for_all_and_stands_still_where_it_is_named(tmp_path: Path) -> None:
    session = played(
        tmp_path,
        {
            2.0: [command("pause"), command("flatten", "two", market="btc_hedge")],
            4.0: [command("pause", "three", market="btc_hedge")],
        },
        "market=[btc,btc_hedge]",
        duration_s=6,
    )
    first, flattened, named = session.answers
    assert first.line.startswith("btc: paused")
    assert "btc_hedge" not in first.line
    assert "follows what it hedges" in flattened.line
    assert named.done
    assert session.worker("btc_hedge").market.desk.is_paused


class _Failing:
    """A worker whose batches go another way."""

    def __init__(self, worker: object, on_batch: object) -> None:
        object.__setattr__(self, "_worker", worker)
        object.__setattr__(self, "on_batch", on_batch)

    def __getattr__(self, name: str) -> object:
        return getattr(self._worker, name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self._worker, name, value)


def test_only_so_many_answers_are_kept(refusing: Played) -> None:
    for k in range(MOST_ANSWERS + 10):
        refusing.commands.obey(command("resume", f"many-{k}", market="nobody"), 1)
    assert len(refusing.commands.answers) == MOST_ANSWERS
