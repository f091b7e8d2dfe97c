"""Exposures add up what is known, and name the rest."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from runner.engine.exposure import Exposure, Held, exposures
from runner.engine.portfolio import AccountLimits, Portfolio, worst_gross, worst_net
from runner.watch.exposure import exposure_fields, exposure_line
from tests.runner.engine.test_portfolio import NOW_NS, held

amounts = st.integers(-50, 50)
markets = st.lists(
    st.tuples(
        st.sampled_from("ab"), st.sampled_from("xy"), amounts, amounts, amounts, st.booleans()
    ),
    max_size=6,
)


def of(rows: "list[tuple[str, str, int, int, int, bool]]") -> list[Held]:
    return [
        Held(
            market=f"m{k}",
            pools=("", underlying, venue),
            position=Decimal(position) if known else None,
            long=Decimal(max(0, position + abs(buys))),
            short=Decimal(max(0, abs(sells) - position)),
            leverage=Decimal(5),
        )
        for k, (underlying, venue, position, buys, sells, known) in enumerate(rows)
    ]


@given(markets)
def test_pools_of_a_kind_add_up_to_all_markets(
    rows: "list[tuple[str, str, int, int, int, bool]]",
) -> None:
    found = exposures(of(rows))
    for kind in ("underlying", "venue"):
        pools = [one for one in found if one.kind == kind]
        whole = next((one for one in found if one.kind == "account"), None)
        if whole is None:
            assert pools == []
            continue
        for name in ("net", "gross", "worst_long", "worst_short", "worst_gross", "capital"):
            assert sum(getattr(one, name) for one in pools) == getattr(whole, name)
        untold = {market for one in pools for market in one.untold}
        assert untold == set(whole.untold) == {f"m{k}" for k, r in enumerate(rows) if not r[-1]}


@given(markets)
def test_what_is_held_is_never_more_than_the_worst(
    rows: "list[tuple[str, str, int, int, int, bool]]",
) -> None:
    for one in exposures(of(rows)):
        assert one.long <= one.worst_long
        assert one.short <= one.worst_short
        assert one.worst_gross <= one.worst_long + one.worst_short
        assert one.capital == one.worst_gross / 5


def whole_of(*holdings: object) -> Exposure:
    made = Portfolio(AccountLimits(), lambda now_ns, market, text: None)
    made.holdings = list(holdings)  # type: ignore[arg-type]
    made.look(NOW_NS)
    return made.exposures(NOW_NS)[0]


def test_the_view_and_the_limits_count_alike() -> None:
    holdings = [held(3, buys=2), held(-4, sells=1, buys=9)]
    one = whole_of(*holdings)
    assert (one.net, one.gross) == (-100, 700)
    assert one.worst_gross == worst_gross(holdings)
    assert max(one.worst_long, one.worst_short) == worst_net(holdings)


def test_a_market_without_a_rate_or_with_an_old_mark_is_named_unless_it_holds_nothing() -> None:
    old = held(2)
    old.marked.seen_ns = NOW_NS - AccountLimits().max_mark_age_ns - 1  # type: ignore[misc]
    for market, told in ((held(1, rated=False), True), (old, True), (held(rated=False), False)):
        one = whole_of(held(5), market)
        assert (one.untold == ("m",)) == told
        assert one.gross == 500


def test_the_line_and_the_log_tell_what_is_in_no_sum() -> None:
    found = exposures(of([("a", "x", 30, 5, 40, True), ("b", "y", -7, 0, 0, False)]))
    assert exposure_line(found, "USDT") == (
        "held +30 net 30 gross 35 at worst USDT   a +30   b 0   unknown: m1"
    )
    fields = exposure_fields(found[0], "USDT")
    assert (fields["account"], fields["net"], fields["unknown"]) == ("all", "30", "m1")
    assert fields["worst_short"] == "10"
