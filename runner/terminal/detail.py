"""Tell one market in full: why each side is as it is, its orders, where its money came from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from rich.table import Table
from rich.text import Text

from runner.control.words import Market, Order
from runner.report.figures import amount
from runner.terminal.rows import ASK, BID, SHADES, decimal, money
from runner.watch.cells import money_decimals

SIDES = {"buy": ("bid", BID), "sell": ("ask", ASK)}

Row = tuple[Text, Text]
"""A word, and what there is to say of it."""


def detail(market: Market, sentences: Mapping[str, str]) -> Table:
    """Return one market, a word and its lines each. `sentences` are those of reasons, by name."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True, width=6)
    grid.add_column(ratio=1)
    for row in rows(market, sentences):
        grid.add_row(*row)
    return grid


def rows(market: Market, sentences: Mapping[str, str]) -> Iterator[Row]:
    """Yield what there is to say of a market, in the order in which a person asks."""
    yield from _state(market)
    yield from _side("buy", market.bid_reasons, sentences)
    yield from _side("sell", market.ask_reasons, sentences)
    yield from _orders(market.orders)
    yield from _money(market)
    yield from _model(market)
    yield from _hedge(market)
    yield _parameters(market.parameters)


def _state(market: Market) -> Iterator[Row]:
    state = Text.assemble(
        (market.state, SHADES.get(market.state, "")),
        (f"  {market.symbol} at {market.venue}", "dim"),
    )
    yield Text(market.name, "bold"), state
    for why in market.why:
        yield Text(), Text(why, "yellow")


def _side(side: str, reasons: Iterable[str], sentences: Mapping[str, str]) -> Iterator[Row]:
    word, shade = SIDES[side]
    for k, name in enumerate(tuple(reasons) or ("none",)):
        plain = name.replace("_", " ")
        told = sentences.get(name, "").removeprefix(f"{plain}: ")
        yield Text(word if k == 0 else "", shade), Text.assemble(plain, (f"  {told}", "dim"))


def _orders(orders: Sequence[Order]) -> Iterator[Row]:
    head = "orders"
    for order in sorted(orders, key=lambda order: (order.side, order.price), reverse=True):
        word, shade = SIDES[order.side]
        told = Text.assemble(
            (f"{word} ", shade),
            f"{decimal(order.size_base)} @ {decimal(order.price)}  ",
            (order.state, "bold red" if order.state == "unknown" else "dim"),
            ("  takes" if order.takes else "", "dim"),
        )
        yield _head(head), told
        head = ""
    if head:
        yield _head(head), Text("none rests", "dim")


def _money(market: Market) -> Iterator[Row]:
    parts = market.parts
    split: tuple[tuple[str, Decimal | None], ...] = (
        ("spread", parts.spread),
        ("adverse", parts.adverse),
        ("inventory", parts.inventory),
        ("fees", parts.fees),
        ("funding", parts.funding),
        ("hedge", parts.hedge),
    )
    places = money_decimals([market.net_quote, *(value for _, value in split)])
    told = money(market.net_quote, places).append(f" {market.quote}", "dim")
    for name, value in split:
        if value:
            told.append(f"  {name} ", "dim").append_text(money(value, places))
    told.append(f"  volume {amount(market.volume_quote, 0)}", "dim")
    told.justify = "left"
    yield _head("net"), told


def _model(market: Market) -> Iterator[Row]:
    told = (
        f"reservation {amount(market.reservation_bps, 2, signed=True)} bps",
        f"half spread {amount(market.half_spread_bps, 2)} bps",
        f"sigma {amount(market.sigma_bps, 2)} bps",
        f"target {amount(market.target_clips, 2, signed=True)} clips",
    )
    yield _head("model"), Text(", ".join(told))


def _hedge(market: Market) -> Iterator[Row]:
    hedge = market.hedge
    if hedge is None:
        return
    told = (
        f"exposure {decimal(hedge.exposure_base)} {market.base}",
        f"unhedged {decimal(hedge.unhedged_base)}",
        f"band {decimal(hedge.band_base)}",
    )
    late = f", beyond it for {hedge.past_band_s:.1f} s" if hedge.past_band_s else ""
    yield _head("hedge"), Text(", ".join(told) + late)


def _parameters(parameters: Mapping[str, str]) -> Row:
    told = (f"{key.removeprefix('strategy.')}={value}" for key, value in parameters.items())
    return _head("set"), Text("  ".join(told), "dim")


def _head(word: str) -> Text:
    return Text(word, "bold")
