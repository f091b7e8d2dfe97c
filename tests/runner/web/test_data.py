"""What pages ask for: the past of a market, why at a moment, books, logs, runs; and streams."""

import json
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

from connectors.model.events import BUY
from runner.engine.ledger.tables import TABLES as LAYOUT
from tests.runner.web.support import (
    HOSTILE,
    NOW_NS,
    OWN,
    READ,
    Reply,
    S,
    Stage,
    call,
    fill,
    picture,
    reads,
    stage,
)


def get(seen: Stage, path: str, most: int = 1) -> Reply:
    return call(seen.view, "GET", path, reads(), most=most)


def event(reply: Reply) -> object:
    return json.loads(reply.body.split(b"\n")[0].removeprefix(b"data: "))


def test_a_stream_begins_with_the_last_picture(tmp_path: Path) -> None:
    told = event(get(stage(tmp_path), "/api/deploys/alpha/stream"))
    assert isinstance(told, dict)
    assert told["status"] == "live"
    assert told["picture"]["markets"][0]["mid"] == "100.25"
    assert (told["last_fill"], told["last_warning"]) == (1, 0)


def test_a_stream_of_one_market_tells_of_no_other(tmp_path: Path) -> None:
    told = event(get(stage(tmp_path), "/api/deploys/alpha/stream?market=eth"))
    assert isinstance(told, dict)
    assert told["picture"]["markets"] == []


def test_the_first_page_says_of_each_market_why_it_does_not_quote(tmp_path: Path) -> None:
    seen = stage(tmp_path)
    seen.hub.deploys["alpha"].see(picture(state="held", why=("the book is empty", HOSTILE)))
    (told,) = event(get(seen, "/api/stream"))  # type: ignore[misc]
    assert told["markets"][0]["state"] == "held"
    assert told["markets"][0]["why"] == ["the book is empty", HOSTILE]


def test_only_fills_that_a_page_does_not_have_are_told(tmp_path: Path) -> None:
    seen = stage(tmp_path)
    seen.hub.deploys["alpha"].fills.extend([fill(2), fill(3)])
    told = get(seen, "/api/deploys/alpha/news?fill=1&market=btc").told
    assert [one["number"] for one in told["fills"]] == [2, 3]
    assert get(seen, "/api/deploys/alpha/news?fill=1&market=eth").told["fills"] == []


def test_a_moment_is_told_in_sentences_the_unusual_first(tmp_path: Path) -> None:
    seen = stage(tmp_path)
    deploy = seen.hub.deploys["alpha"]
    deploy.see(picture(NOW_NS + 5 * S, ask_reasons=("kept", "no_book"), mid=Decimal("101.25")))
    path = "/api/deploys/alpha/markets/btc/why?at_s="
    before = get(seen, f"{path}{NOW_NS // S + 1}").told
    assert [one["name"] for one in before["ask"]] == ["no_book"]
    assert before["figures"]["mid"] == 100.25
    after = get(seen, f"{path}{NOW_NS // S + 9}").told
    assert [one["sentence"] for one in after["ask"]] == [
        "held: no book",
        "kept: the resting order is close enough",
    ]
    assert after["figures"]["mid"] == 101.25
    assert get(seen, f"{path}1").status == 404
    assert get(seen, f"{path}nan").status == 400


def test_the_past_has_columns_of_equal_length_and_every_fill(tmp_path: Path) -> None:
    told = get(stage(tmp_path), "/api/deploys/alpha/markets/btc/past").told
    assert {len(column) for column in told["columns"].values()} == {1}
    assert [one["price"] for one in told["fills"]] == ["100.1"]


def ledger(seen: Stage, orders: int) -> Path:
    path = seen.outputs / "ledgers" / "alpha.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(LAYOUT)
        db.executemany(
            "INSERT INTO orders VALUES ('btc', ?, 0, 1001, 5, 2, 0, ?, NULL, NULL, NULL, '', NULL,"
            " '', '', NULL, NULL, NULL, NULL)",
            [(k, NOW_NS + k) for k in range(orders)],
        )
        db.execute("INSERT INTO audit VALUES (?, 'web', ?, 'btc', NULL, NULL)", (NOW_NS, HOSTILE))
        db.execute(
            "INSERT INTO fills (venue, account, market, trade_id, side, client_id, ticks, lots,"
            " role, fee, fee_ccy, venue_ns, recv_ns, source)"
            f" VALUES ('sim', 'a', 'btc', 1, {BUY}, 1, 1001, 5, 0, '0.1', 'USDT', 1, ?, 'stream')",
            (NOW_NS,),
        )
        db.commit()
    return path


def test_a_ledger_is_read_a_page_at_a_time_and_never_written(tmp_path: Path) -> None:
    seen = stage(tmp_path)
    path = ledger(seen, 150)
    before = path.read_bytes()
    first = get(seen, "/api/deploys/alpha/ledger/orders").told
    second = get(seen, "/api/deploys/alpha/ledger/orders?page=1").told
    assert (len(first["rows"]), first["more"]) == (100, True)
    assert (len(second["rows"]), second["more"]) == (50, False)
    assert first["rows"][0][1] == "149"
    assert get(seen, "/api/deploys/alpha/ledger/orders?market=eth").told["rows"] == []
    assert get(seen, "/api/deploys/alpha/ledger/audit").told["rows"][0][2] == HOSTILE
    assert path.read_bytes() == before


def test_only_known_tables_are_read(tmp_path: Path) -> None:
    seen = stage(tmp_path)
    ledger(seen, 1)
    for table in ("sqlite_master", "books", "orders; DROP TABLE orders", "budgets"):
        assert get(seen, f"/api/deploys/alpha/ledger/{table}").status == 404


def test_every_table_that_is_offered_fits_the_ledger(tmp_path: Path) -> None:
    from runner.web.books import TABLES

    seen = stage(tmp_path)
    ledger(seen, 1)
    for table in TABLES:
        assert get(seen, f"/api/deploys/alpha/ledger/{table}").status == 200, table


def test_a_ledger_that_cannot_be_read_is_one_clear_line(tmp_path: Path) -> None:
    seen = stage(tmp_path)
    path = seen.outputs / "ledgers" / "alpha.sqlite"
    path.write_bytes(b"not a ledger at all, but some bytes" * 40)
    reply = get(seen, "/api/deploys/alpha/ledger/orders")
    assert reply.status == 503
    assert "expected a ledger that can be read" in reply.told["line"]


def run_of(seen: Stage, name: str) -> Path:
    run = seen.outputs / "runs" / name
    run.mkdir(parents=True)
    (run / "report.html").write_text("<script>1</script>")
    (run / "run.log").write_text("secret of the machine")
    return run


def test_reports_are_served_in_a_box_of_their_own(tmp_path: Path) -> None:
    seen = stage(tmp_path)
    run_of(seen, "2027-01-15")
    reply = get(seen, "/runs/2027-01-15/report.html")
    assert (reply.status, reply.body) == (200, b"<script>1</script>")
    policy = reply.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts; default-src 'none'")
    assert "allow-same-origin" not in policy


def test_nothing_but_the_shown_files_of_runs_is_served(tmp_path: Path) -> None:
    seen = stage(tmp_path)
    run = run_of(seen, "2027-01-15")
    (seen.outputs / "report.html").write_text("outside")
    (run / "leaderboard.html").symlink_to(seen.outputs / "report.html")
    for path in (
        "2027-01-15/run.log",
        "../report.html",
        "2027-01-15/../../report.html",
        "2027-01-15/leaderboard.html",
        ".hydra/report.html",
        "2027-01-15//report.html",
        "report.html",
    ):
        assert get(seen, f"/runs/{path}").status == 404, path


def test_runs_are_listed_newest_first_whatever_lies_in_them(tmp_path: Path) -> None:
    seen = stage(tmp_path)
    run_of(seen, "2027-01-15")
    (run_of(seen, "2027-01-16") / "summary.json").write_text('{"mode": 1')
    sweep = seen.outputs / "runs" / "2027-01-17"
    (sweep / "0").mkdir(parents=True)
    told = get(seen, "/api/runs").told
    assert [one["name"] for one in told] == ["2027-01-17", "2027-01-16", "2027-01-15"]
    assert told[0]["jobs"] == 1
    assert told[2]["files"] == ["report.html"]


def test_prometheus_is_told_of_a_deploy_that_runs_and_that_another_one_is_gone(
    tmp_path: Path,
) -> None:
    seen = stage(tmp_path)
    told = call(seen.view, "GET", "/metrics", reads(READ)).body.decode()
    assert 'mmrunner_market_net_quote{deploy="alpha",market="btc",quote="USDT"} 0.075' in told
    seen.hub.deploys["alpha"].say("gone")
    told = call(seen.view, "GET", "/metrics", reads(READ)).body.decode()
    assert 'mmrunner_up{deploy="alpha"} 0.0' in told
    assert "mmrunner_market_net_quote{" not in told


def test_health_is_red_while_a_deploy_is_and_while_it_says_nothing(tmp_path: Path) -> None:
    seen = stage(tmp_path)
    deploy = seen.hub.deploys["alpha"]
    assert call(seen.view, "GET", "/health", OWN).status == 200
    deploy.say("stale", "no picture")
    assert call(seen.view, "GET", "/health", OWN).status == 503
    deploy.say("gone")
    reply = call(seen.view, "GET", "/health", OWN)
    assert (reply.status, reply.told) == (200, {"deploys": 0, "red": 0})


def test_metrics_are_told_to_whoever_may_read_and_of_what_is_fresh(tmp_path: Path) -> None:
    seen = stage(tmp_path)
    told = get(seen, "/metrics")
    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert b'market="btc"' in told.body
    seen.hub.deploys["alpha"].say("stale", "no picture")
    assert b'market="btc"' not in get(seen, "/metrics").body
