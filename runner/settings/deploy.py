"""Describe a whole deploy: everything under conf/, in one closed schema."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import model_validator

from runner.settings.account import Rates
from runner.settings.calibrate import Calibrate
from runner.settings.cluster import Ray
from runner.settings.download import Download
from runner.settings.fields import Accounts, Block, Place, Real, Text, Whole, rule
from runner.settings.funding import Funding
from runner.settings.gates import Gates
from runner.settings.hedge import Hedge, check_hedges, hedged_by
from runner.settings.leads import check_leads
from runner.settings.market import Currency, Market, Strategy, Venue
from runner.settings.moment import CONFIG, Explain, Moment
from runner.settings.notify import Notify
from runner.settings.pairs import Pair, PairName, check_pairs
from runner.settings.reference import Reference
from runner.settings.report import Report
from runner.settings.risk import Risk
from runner.settings.route import Route
from runner.settings.running import Backup, Bundle, Flatten, Kill, Paper, Start
from runner.settings.schedule import Schedule
from runner.settings.schedule_rules import check_schedule
from runner.settings.search import Search
from runner.settings.strategy import Gamma, Kappa, Quoting
from runner.settings.sweep import Sweep
from runner.settings.web import Web

KNOBS = ("gamma", "kappa")
"""Keys of the root that are there only for strategies to refer to."""

ARMED_MODES = ("live", "flatten", "doctor")
"""Modes that may be told of arming; the last one only says what would stand in its way."""
MAINNET = "mainnet"
"""The network where money is real, by its name in conf/venue/."""
MARKETS = 256
"""Most markets a deploy; a market's number is part of each of its order ids."""


class Mode(Block):
    """What a run does."""

    name: Literal[
        "backup",
        "bundle",
        "calibrate",
        "doctor",
        "download",
        "flatten",
        "funding",
        "health",
        "init",
        "kill",
        "live",
        "notify",
        "paper",
        "record",
        "replay",
        "report",
        "restore",
        "route",
        "steer",
        "unlatch",
        "watch",
        "web",
    ]


class Tape(Block):
    """A recorded market, and how it is read."""

    reader: Literal[
        "binance_raw",
        "binance_vision",
        "bybit_public",
        "candles",
        "csv",
        "hftbacktest",
        "lighter_raw",
        "mmrunner",
        "tardis",
    ]
    path: Annotated[Path, Place()]
    pattern: Annotated[str, Text("[^/]{0,200}", "a file name pattern")]
    allow_torn: bool
    repair: bool
    min_feed_latency_ms: Annotated[float | None, Real(0, 60_000, null=True)]


class Supervisor(Block):
    """How often what fails is started again."""

    max_restarts: Annotated[int, Whole(0, 1000)]
    window_s: Annotated[float, Real(1, 86_400)]
    first_backoff_s: Annotated[float, Real(0.01, 3600)]
    max_backoff_s: Annotated[float, Real(0.01, 3600)]


class Watchdog(Block):
    """The process that cancels in the place of an armed deploy."""

    silence_s: Annotated[float | None, Real(1, 3600, null=True)]


class Watch(Block):
    """How a run is shown while it runs."""

    name: Literal["table", "lines", "none"]
    every_s: Annotated[float, Real(0.05, 3600)]
    web: bool
    """Whether a web view is begun beside the deploy, and ends with it."""


class Record(Block):
    """What a run keeps."""

    decisions: Literal["all", "changes", "none"]
    page: bool
    tape: bool
    segment_s: Annotated[float, Real(1, 604_800)]
    segment_mb: Annotated[int, Whole(1, 100_000)]


class Replay(Block):
    """How a tape is replayed."""

    fills: Literal["simulated", "recorded"]
    tier: Literal["exact", "parity", "screen"]
    merge: Literal["auto", "always", "never"]
    begin: Annotated[int | None, Moment(null=True)]
    end: Annotated[int | None, Moment(null=True)]

    @model_validator(mode="after")
    def _a_part_is_of_a_simulation(self) -> Self:
        if self.begin is not None and self.end is not None and self.begin >= self.end:
            raise rule(f"expected begin before end, was {self.begin} and {self.end}")
        if self.fills == "recorded" and (self.begin, self.end) != (None, None):
            raise rule("expected begin=null and end=null with fills=recorded: a journal is whole")
        return self

    @model_validator(mode="after")
    def _a_screen_has_its_own_fills(self) -> Self:
        if self.tier == "screen" and self.fills == "recorded":
            raise rule("expected tier exact or parity with fills=recorded, was screen")
        return self


class Settings(Block):
    """One deploy. `venue` and `strategy` are the deploy's choice; each market carries its own."""

    deploy: Annotated[str, Text("[a-z0-9_-]{1,64}", "small letters, digits, _ and -")]
    seed: Annotated[int, Whole(0, 2_147_483_647)]
    duration_s: Annotated[float | None, Real(0, 31_536_000, above=True, null=True)]
    reporting_currency: Currency
    rates: Rates
    armed: bool
    account_id: Annotated[str | Mapping[str, str] | None, Accounts(null=True)]
    """Whose account trades; one for each venue, by its name, where there are several."""
    twin: bool
    """Whether a live deploy simulates each market beside it."""
    gamma: Gamma
    kappa: Kappa
    mode: Mode
    venue: Venue
    strategy: Strategy
    gates: Gates
    reference: Reference
    hedge: Hedge
    markets: Mapping[str, Market]
    tape: Tape
    download: Download
    funding: Funding
    pairs: Mapping[PairName, Pair]
    risk: Risk
    supervisor: Supervisor
    watchdog: Watchdog
    schedule: Schedule
    watch: Watch
    web: Web
    notify: Notify
    record: Record
    replay: Replay
    sweep: Sweep
    search: Search
    calibrate: Calibrate
    route: Route
    ray: Ray
    report: Report
    paper: Paper
    start: Start
    kill: Kill
    flatten: Flatten
    backup: Backup
    bundle: Bundle
    explain: Annotated[str | None, Explain()]
    ask: Annotated[str | None, Text(r"[^\x00-\x1f\x7f]{1,300}", "a line of text", null=True)]

    @model_validator(mode="after")
    def _arming_is_for_live(self) -> Self:
        if not self.armed:
            return self
        if self.mode.name not in ARMED_MODES:
            raise rule(f"armed: expected false with mode={self.mode.name}, was true")
        if self.account_id is None:
            raise rule("account_id: expected the account that is to trade, with armed=true")
        for name, market in self.markets.items():
            if market.enabled and self.account_of(market.venue.name) is None:
                raise rule(f"account_id: expected one of {market.venue.name} too, for {name}")
            is_real = market.enabled and market.venue.network == MAINNET
            if is_real and self.mode.name == "live" and self.notify.name == "none":
                raise rule(
                    f"armed: expected false on {MAINNET} (markets.{name}.venue) while nobody is"
                    " called, was true: add notify=apprise and try it with mode=notify"
                )
        return self

    def account_of(self, venue: str) -> str | None:
        """Return the account that is to trade at a venue, None where none is named."""
        named = self.account_id
        return named.get(venue) if isinstance(named, Mapping) else named

    @model_validator(mode="after")
    def _a_moment_is_of_a_replay(self) -> Self:
        if self.explain in (None, CONFIG):
            return self
        if self.mode.name != "replay" or self.record.decisions == "none":
            raise rule(
                f"explain: expected mode=replay and record.decisions=all or changes with a moment,"
                f" was mode={self.mode.name} and record.decisions={self.record.decisions}"
            )
        return self

    @model_validator(mode="after")
    def _some_markets_and_not_too_many(self) -> Self:
        if not 1 <= len(self.markets) <= MARKETS:
            raise rule(f"market: expected 1 to {MARKETS} markets, was {len(self.markets)}")
        if not any(market.enabled for market in self.markets.values()):
            raise rule(
                f"market: expected one that is enabled, was none of {', '.join(self.markets)}"
            )
        return self

    @model_validator(mode="after")
    def _each_market_has_one_owner(self) -> Self:
        """Two workers on one book would trade with each other and count one position twice."""
        owners: dict[tuple[str, str, str], str] = {}
        for name, market in self.markets.items():
            place = (market.venue.name, market.venue.network, market.instrument.symbol)
            owner = owners.setdefault(place, name)
            if market.enabled and owner != name and self.markets[owner].enabled:
                raise rule(
                    f"markets.{name}.instrument.symbol: expected one owner of {place[2]} on"
                    f" {place[0]}, was markets.{owner} already"
                )
        return self

    @model_validator(mode="after")
    def _account_limits_have_their_rates(self) -> Self:
        """Refuse a market whose money cannot be converted: it would never be let add risk."""
        if self.mode.name == "replay":
            return self
        known = {self.reporting_currency, *(c for c, rate in self.rates.items() if rate)}
        for name, market in self.markets.items():
            quote = market.instrument.quote
            is_exposed = market.enabled and market.role != "lead"
            if is_exposed and self.risk.needs_rates and quote not in known:
                raise rule(
                    f"rates.{quote}: expected what one {quote} of markets.{name} is worth in"
                    f" {self.reporting_currency}, because risk limits it, was null"
                )
        return self

    @model_validator(mode="after")
    def _leads_can_be_followed(self) -> Self:
        check_leads(self.markets)
        return self

    @model_validator(mode="after")
    def _the_schedule_is_of_these_markets(self) -> Self:
        check_schedule(self.schedule, self.markets, self.reporting_currency, self.rates)
        return self

    @model_validator(mode="after")
    def _hedges_can_be_made(self) -> Self:
        check_hedges(self.markets, self.risk.collar_bps)
        hedged = [name for name in self.markets if hedged_by(self.markets, name) is not None]
        if not hedged or self.mode.name != "replay" or self.replay.fills == "recorded":
            return self
        if self.replay.tier == "screen" or self.replay.merge == "never":
            raise rule(
                f"replay: expected tier exact or parity and merge auto or always, because"
                f" markets.{hedged[0]}.hedge.market is set, was {self.replay.tier} and"
                f" {self.replay.merge}"
            )
        return self

    @model_validator(mode="after")
    def _pairs_have_their_legs(self) -> Self:
        check_pairs(self.pairs, self.markets, self.risk.collar_bps)
        if self.pairs and self.mode.name == "replay" and self.replay.fills == "simulated":
            raise rule(
                "replay.fills: expected recorded, because pairs decide on rates that no tape has,"
                " was simulated; mode=funding tries rules on histories"
            )
        return self

    @model_validator(mode="after")
    def _orders_fit_the_limits(self) -> Self:
        for name, market in self.markets.items():
            _check_order_size(name, market, self.risk)
            if isinstance(market.strategy, Quoting):
                _check_order_rate(name, market.strategy, self.risk)
                _check_jump_window(name, market.strategy, self.risk)
        return self


def _check_order_size(name: str, market: Market, risk: Risk) -> None:
    """Refuse an order size that risk would refuse every time."""
    largest = risk.max_order_notional_quote
    if market.order_size_quote is not None and market.order_size_quote > largest:
        raise rule(
            f"markets.{name}.order_size_quote: expected at most risk.max_order_notional_quote,"
            f" {largest}, was {market.order_size_quote}"
        )
    frac = Decimal(str(risk.max_order_frac))
    for unit in ("base", "quote"):
        order, limit = (
            getattr(market, f"order_size_{unit}"),
            getattr(market, f"max_position_{unit}"),
        )
        if order is not None and limit is not None and order > limit * frac:
            raise rule(
                f"markets.{name}.order_size_{unit}: expected at most risk.max_order_frac of"
                f" max_position_{unit}, {frac} * {limit} = {frac * limit}, was {order}"
            )


def _check_order_rate(name: str, strategy: Quoting, risk: Risk) -> None:
    """Refuse a refresh that would outrun the message budget when every quote moves."""
    per_s = 2 * strategy.levels * 1000 / strategy.refresh_ms
    if per_s > risk.max_orders_per_s:
        raise rule(
            f"markets.{name}.strategy.refresh_ms: expected at most risk.max_orders_per_s,"
            f" {risk.max_orders_per_s:g}, was 2 sides * {strategy.levels} levels * 1000 /"
            f" {strategy.refresh_ms} ms = {per_s:g} a second"
        )


def _check_jump_window(name: str, strategy: Quoting, risk: Risk) -> None:
    """Refuse a window of which a decision might see less than two moments: it would see no jump."""
    if risk.jump_sigmas is not None and risk.jump_window_s * 500 < strategy.refresh_ms:
        raise rule(
            f"risk.jump_window_s: expected at least twice markets.{name}.strategy.refresh_ms,"
            f" {2 * strategy.refresh_ms / 1000:g} s, was {risk.jump_window_s:g}"
        )
