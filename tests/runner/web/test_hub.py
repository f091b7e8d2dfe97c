"""Deploys are followed, missed and found again; what is known of them stays bounded and whole."""

import asyncio
import json
from pathlib import Path

from runner.control.words import Welcome
from runner.web.deploy import Deploy, Past
from runner.web.hub import Hub
from runner.web.logs import quotes, tail
from runner.web.moments import COLUMNS, LEVELS, Change, Moments
from tests.runner.web.support import NOW_NS, Lines, fill, picture, stage, welcome

QUOTE = (
    "2027-01-15T08:00:0{}.123456789Z QUOTE market=btc mid=100.2 bid=100.1 ask=none q=1.5"
    ' sigma=0.5 bid_reasons=kept ask_reasons="no_book|odd \\"word\\""'
)


def followed(home: Path, lines: Lines) -> Hub:
    """Follow deploys until all that is told has been heard."""
    ledgers = home / "outputs" / "ledgers"
    ledgers.mkdir(parents=True, exist_ok=True)
    (ledgers / "alpha.socket").touch()
    recalled: list[Welcome] = []

    def recall(word: Welcome) -> Past:
        recalled.append(word)
        return Past()

    hub = Hub(ledgers, lines, recall)

    async def run() -> None:
        async with hub.following():
            for _ in range(200):
                await asyncio.sleep(0.002)
                if "alpha" in hub.deploys and hub.deploys["alpha"].picture:
                    break
            await asyncio.sleep(0.002)

    asyncio.run(run())
    assert len(recalled) == 1
    return hub


def test_a_deploy_that_has_ended_is_told_as_gone_with_its_last_picture(tmp_path: Path) -> None:
    lines = Lines(["alpha"], told={"alpha": [welcome(tmp_path), picture()]})
    deploy = followed(tmp_path, lines).deploys["alpha"]
    assert deploy.status == "gone"
    assert deploy.picture is not None
    assert "ended the connection" in deploy.note


def test_a_killed_deploy_is_told_as_killed_and_by_whom(tmp_path: Path) -> None:
    seen = stage(tmp_path)
    seen.hub.latch("alpha").set("somebody", "a test", NOW_NS)
    lines = Lines(["alpha"], told={"alpha": [welcome(tmp_path), picture()]})
    deploy = followed(tmp_path, lines).deploys["alpha"]
    assert deploy.status == "killed"
    assert "a test" in deploy.note


def test_no_fill_is_missed_or_doubled_when_a_line_breaks() -> None:
    deploy = Deploy("alpha")
    first = welcome(Path("/nowhere"))
    deploy.greet(first)
    deploy.greet(first)
    assert [one.number for one in deploy.fills] == [1]


def test_a_deploy_that_was_started_again_begins_anew() -> None:
    deploy = Deploy("alpha")
    deploy.greet(welcome(Path("/nowhere")))
    deploy.see(picture())
    deploy.fills.append(fill(2))
    deploy.greet(welcome(Path("/nowhere"), started_ns=NOW_NS))
    assert [one.number for one in deploy.fills] == [1]
    assert deploy.moments == {}


def test_a_line_is_made_once_for_all_who_listen() -> None:
    deploy = Deploy("alpha")
    deploy.see(picture())
    line = deploy.line("")
    assert deploy.line("") is line
    deploy.see(picture())
    assert deploy.line("") is not line
    assert json.loads(line)["picture"]["portfolio"]["net_quote"] == "0.075"


def moment(stamp_s: float) -> tuple[list[float], Change]:
    return [stamp_s] + [0.0] * (len(COLUMNS) - 1), Change(stamp_s, "quoting", (), (), ())


def test_moments_are_bounded_close_ones_last_and_in_order() -> None:
    kept = Moments()
    for k in range(20_000):
        kept.put(*moment(k * 0.25))
    stamps = kept.columns()["stamp_s"]
    assert len(stamps) <= sum(most for _, most in LEVELS)
    assert stamps == sorted(s for s in stamps if s is not None)
    assert stamps[-4:] == [4999.0, 4999.25, 4999.5, 4999.75]
    assert stamps[0] == 0.0
    assert len(kept.changes) == 1


def test_a_moment_is_that_which_held_then() -> None:
    kept = Moments()
    row, change = moment(10.0)
    kept.put(row, change)
    kept.put([20.0, *row[1:]], Change(20.0, "held", ("no book",), (), ()))
    assert kept.at(9.0) is None
    found = kept.at(19.0)
    assert found is not None
    assert (found[0]["stamp_s"], found[1].state) == (10.0, "quoting")
    later = kept.at(25.0)
    assert later is not None
    assert (later[0]["stamp_s"], later[1].state) == (20.0, "held")


def test_a_log_tells_what_was_quoted_before_anybody_looked(tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    torn = "2027-01-15T08:00:09.1Z QUOTE mark"
    log.write_text("\n".join([QUOTE.format(1), "not a line", QUOTE.format(2), torn]))
    (_, row, change), (_, second, _) = quotes(log)
    assert second[0] - row[0] == 1
    assert dict(zip(COLUMNS, row, strict=True))["clips"] == 1.5
    assert (change.state, change.ask_reasons) == ("held", ("no_book", 'odd "word"'))


def test_the_end_of_a_log_is_whole_lines(tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    log.write_text("".join(f"line {k}\n" for k in range(1000)))
    lines = tail(log, 100)
    assert lines[-1] == "line 999"
    assert all(line.startswith("line ") for line in lines)
    assert tail(tmp_path / "none.log") == []
