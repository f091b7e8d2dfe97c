"""Draw one market as the control socket tells it. Reads its state, changes nothing."""

from collections.abc import Iterator, Mapping

from connectors.model.book import is_two_sided
from connectors.model.events import BUY, SELL
from connectors.model.orders import (
    CANCELLING,
    FREE,
    LEVELS,
    LIVE,
    PARTIAL,
    SENT,
    SIDE_SLOTS,
    SLOTS,
    UNKNOWN,
    is_taking,
)
from runner.control import words
from runner.engine.station import Station
from runner.watch.running import Running
from strategies.hedge_reasons import hedge_names
from strategies.hedging import net_grains
from strategies.reasons import names
from strategies.signals.uptime import both_frac
from strategies.telling import sentences

STATES: Mapping[int, str] = {
    SENT: "sent",
    LIVE: "live",
    PARTIAL: "partial",
    CANCELLING: "cancelling",
    UNKNOWN: "unknown",
}
P99 = 0.99
LATENCY_EVERY = 16
"""Pictures for which a quantile of the latency is kept: it takes long, and changes slowly."""


class MarketArtist:
    """Draws one market. `paused_by` tells who paused it, empty where nobody did."""

    def __init__(self, station: Station, running: Running) -> None:
        market = station.worker.market
        self._station = station
        self._running = running
        self._tick, self._lot = market.instrument.tick_size, market.instrument.lot_size_base
        self._sentences = sentences()
        self._drawn = 0
        self._p99_us: float | None = None

    def draw(self, now_ns: int, parameters: dict[str, str], paused_by: str) -> words.Market:
        """Return the market as it is."""
        station, running = self._station, self._running
        market = station.worker.market
        desk, instrument = market.desk, market.instrument
        signals, quotes, uptime = desk.signals, desk.quotes, desk.tally.uptime
        is_known = signals.sound and is_two_sided(desk.book)
        state, why = self._state(paused_by)
        hedged = hedge_names(quotes.hedge_reasons)
        funding = station.payments.paid(instrument.quote)
        net = running.net_quote()
        parts = running.parts(funding, hedges=desk.params.hedge.on)
        bid_markout, ask_markout = running.markouts_bps()
        last_ns = station.worker.last_batch_ns
        return words.Market(
            name=market.name,
            symbol=instrument.symbol,
            venue=market.venue_name,
            base=instrument.base,
            quote=instrument.quote,
            role="hedge" if desk.params.hedge.on else "lead" if desk.params.only_leads else "quote",
            state=state,
            why=why,
            paused_by=paused_by,
            mid=self._tick * signals.mid_half_ticks / 2 if signals.sound else None,
            touch_bid=self._tick * desk.book.best_bid_ticks if is_known else None,
            touch_ask=self._tick * desk.book.best_ask_ticks if is_known else None,
            bids=tuple(self._levels(BUY)),
            asks=tuple(self._levels(SELL)),
            orders=tuple(self._orders()),
            bid_reasons=(*names(quotes.reasons[BUY]), *hedged),
            ask_reasons=(*names(quotes.reasons[SELL]), *hedged),
            position_base=self._lot * desk.orders.position_lots,
            max_position_base=self._lot * desk.params.max_position_lots,
            inventory_clips=quotes.inventory_clips,
            target_clips=quotes.target_lots / max(1, desk.params.order_lots),
            sigma_bps=signals.sigma_live_bps,
            reservation_bps=quotes.reservation_bps,
            half_spread_bps=quotes.half_spread_bps,
            net_quote=None if net is None else net + funding,
            parts=words.Parts(
                parts.spread,
                parts.adverse,
                parts.inventory,
                parts.fees,
                parts.funding,
                parts.hedge,
            ),
            volume_quote=running.volume_quote(),
            fills=running.fills,
            bid_markout_bps=bid_markout,
            ask_markout_bps=ask_markout,
            uptime_frac=both_frac(uptime) if uptime.watched_ns else None,
            age_s=(now_ns - last_ns) / 1e9 if last_ns else None,
            turn_p99_us=self._latency_us(),
            unknown_orders=station.worker.unknown_orders(),
            orders_left=None if station.thrift is None else station.thrift.left(),
            parameters=parameters,
            hedge=self._hedge(now_ns),
        )

    def _state(self, paused_by: str) -> tuple[words.State, tuple[str, ...]]:
        """Return what the market is in, and why in sentences."""
        station = self._station
        desk = station.worker.market.desk
        if station.is_halted:
            return "halted", ("halted: it does not quote again in this session",)
        if paused_by:
            return "paused", (f"paused by {paused_by}",)
        has_orders = any(status != FREE for status in desk.orders.status)
        if not station.is_suspended and (has_orders or any(lots > 0 for lots in desk.quotes.lots)):
            return "quoting", ()
        mask = desk.quotes.reasons[BUY] | desk.quotes.reasons[SELL] | desk.held
        found = (*names(mask), *hedge_names(desk.quotes.hedge_reasons))
        return "held", tuple(self._sentences[name] for name in found)

    def _levels(self, side: int) -> Iterator[words.Level]:
        """Yield what is wanted on a side."""
        quotes = self._station.worker.market.desk.quotes
        for k in range(side * LEVELS, (side + 1) * LEVELS):
            if quotes.lots[k] > 0:
                yield words.Level(self._tick * quotes.ticks[k], self._lot * quotes.lots[k])

    def _orders(self) -> Iterator[words.Order]:
        """Yield what may rest at the venue."""
        orders = self._station.worker.market.desk.orders
        for slot in range(SLOTS):
            if orders.status[slot] != FREE:
                yield words.Order(
                    client_id=orders.client_id[slot],
                    side="buy" if slot < SIDE_SLOTS else "sell",
                    price=self._tick * orders.ticks[slot],
                    size_base=self._lot * orders.open_lots[slot],
                    state=STATES[orders.status[slot]],
                    takes=is_taking(orders.client_id[slot]),
                )

    def _latency_us(self) -> float | None:
        if self._drawn % LATENCY_EVERY == 0:
            self._p99_us = self._station.worker.turn_latency.quantile_us(P99) or None
        self._drawn += 1
        return self._p99_us

    def _hedge(self, now_ns: int) -> words.Hedge | None:
        desk = self._station.worker.market.desk
        knobs, exposure = desk.params.hedge, desk.exposure
        if not knobs.on:
            return None
        grain = self._lot / knobs.lot_grains
        since_ns = desk.hedging.since_ns
        return words.Hedge(
            exposure_base=grain * exposure.grains if exposure.known else None,
            unhedged_base=grain * net_grains(desk) if exposure.known else None,
            band_base=grain * knobs.band_grains,
            past_band_s=(now_ns - since_ns) / 1e9 if since_ns else 0.0,
        )
