"""Prometheus reads every figure with its unit, and nothing of a deploy that is gone."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from runner.control.metrics import Seen, metrics_text
from runner.control.words import Guard, Health
from tests.runner.control.pictures import market, picture, welcome

DASHBOARD = Path(__file__).parents[3] / "docs" / "grafana.json"
UNITS = ("quote", "base", "bps", "clips", "seconds", "ratio")
WITHOUT = {"up", "healthy", "findings", "killed", "guard_holds", "state", "orders", "fills"}
WITHOUT |= {"unknown_orders", "orders_left", "account_limit"}


def read(seen: Seen) -> dict[str, list[tuple[Mapping[str, str], float]]]:
    """Return what Prometheus reads, by name."""
    found: dict[str, list[tuple[Mapping[str, str], float]]] = {}
    for family in text_string_to_metric_families(metrics_text([seen]).decode()):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


def test_a_markets_figures_have_its_labels_and_those_that_are_unknown_are_left_out() -> None:
    told = read(Seen(welcome(), picture(markets=(market(mid=None),)), True))
    labels = {"deploy": "default", "market": "btc", "quote": "USDT"}
    assert told["mmrunner_market_net_quote"] == [(labels, 1.25)]
    assert told["mmrunner_market_fills_total"] == [(labels, 2.0)]
    assert told["mmrunner_market_markout_bps"] == [({**labels, "side": "bid"}, -0.1)]
    assert "mmrunner_market_mid_quote" not in told
    states = {row["state"]: value for row, value in told["mmrunner_market_state"]}
    assert states == {"quoting": 1.0, "held": 0.0, "paused": 0.0, "halted": 0.0}


def test_a_red_deploy_a_missing_guard_and_the_limits_are_told() -> None:
    red = picture(health=Health(False, ("btc: halted",)), guards=(Guard("the watchdog", False),))
    told = read(Seen(welcome(), red, True))
    assert told["mmrunner_healthy"][0][1] == 0.0
    assert told["mmrunner_guard_holds"] == [({"deploy": "default", "guard": "the watchdog"}, 0.0)]


def test_of_a_picture_that_is_old_only_that_is_told() -> None:
    told = read(Seen(welcome(), picture(), False))
    assert told == {"mmrunner_up": [({"deploy": "default"}, 0.0)]}


def test_every_name_ends_in_its_unit() -> None:
    for name in read(Seen(welcome(), picture(), True)):
        bare = name.removeprefix("mmrunner_").removeprefix("market_").removesuffix("_total")
        assert bare.endswith(UNITS) or bare in WITHOUT, name


def test_names_of_others_cannot_break_the_format() -> None:
    odd = market(name='b"\\\n{}', quote="U")
    told = read(Seen(welcome(), picture(markets=(odd,)), True))
    assert told["mmrunner_market_net_quote"][0][0]["market"] == 'b"\\\n{}'


def test_the_dashboard_asks_for_nothing_that_is_not_told() -> None:
    hedging = market(mid=Decimal(1), orders_left=5, ask_markout_bps=0.1, name="hedge")
    full = picture(markets=(hedging,), guards=(Guard("the watchdog", True),))
    told = set(read(Seen(welcome(), full, True)))
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    asked = {
        name
        for panel in panels
        for target in panel.get("targets", [])
        for name in re.findall(r"mmrunner_\w+", target["expr"])
    }
    assert asked
    assert asked <= told
