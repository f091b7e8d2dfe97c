"""Say what a screen leaves out of a market, and make its desk without it."""

from connectors.model.errors import ConfigError
from runner.settings import Market, Quoting, Settings, Sim
from runner.wiring.sim import MS, sim_settings
from strategies.desk import Params
from strategies.gates.knobs import GateKnobs
from strategies.pricing.choice import AVELLANEDA_STOIKOV, GLFT
from strategies.pricing.glft import is_exact

LEFT_OUT_GATES = (
    *("flip_rate", "regime", "toxicity", "cooldown", "bad_fills"),
    *("stop_loss", "take_profit", "timeout", "age_exit"),
)
"""Gates that need what a view has not: every batch, or an order that takes."""
KEPT_GATES = (
    *("hours", "funding", "book_spread", "net_loss"),
    *("guard", "side_fills", "ladder", "economics"),
)
UNREAD = (
    "schedule",
    *("reference", "risk", "strategy.recalibration", "replay.merge"),
    *(f"gates.{name}" for name in LEFT_OUT_GATES),
    *("venue.queue_model", "venue.queue_power", "venue.row_load_us"),
    *("venue.latency_path", "venue.reject_frac", "venue.drop_frac"),
    *("venue.fee_tiers", "venue.margin"),
    *("venue.funding_rate_bps", "venue.funding_interval_h", "venue.funding_path"),
)
"""Keys, of the deploy or of one market, that a screen does not read."""
EVERY_NS = 0
SECOND_NS = 1_000_000_000
FOREVER_NS = 1 << 60


def left_out(settings: Settings) -> list[str]:
    """Return what is configured and a screen does without, by key; the queue always."""
    found: dict[str, None] = {}
    for market in settings.markets.values():
        if market.enabled and market.role != "lead":
            found.update(dict.fromkeys(_left_out(market)))
    asked = ["schedule"] if settings.schedule.asks_of_markets else []
    return ["queue", "risk", *asked, *found]


def _left_out(market: Market) -> list[str]:
    gates = [f"gates.{name}" for name in LEFT_OUT_GATES if getattr(market.gates, name).enabled]
    reference = market.reference
    strategy, venue = market.strategy, market.venue
    more = {
        "reference.price": reference.price != "mid",
        "reference.imbalance_bps": reference.imbalance_bps != 0.0,
        "reference.flow_bps": reference.flow_bps != 0.0,
        "reference.lead": reference.lead is not None,
        "strategy.recalibration": isinstance(strategy, Quoting)
        and strategy.recalibration.every_s is not None,
    }
    if isinstance(venue, Sim):
        more |= {
            "venue.latency_path": venue.latency_path is not None,
            "venue.row_load_us": venue.row_load_us > 0.0,
            "venue.reject_frac": venue.reject_frac > 0.0,
            "venue.drop_frac": venue.drop_frac > 0.0,
            "venue.fee_tiers": bool(venue.fee_tiers),
            "venue.margin": venue.margin.mode != "none",
            "funding": venue.funding_rate_bps != 0 or venue.funding_path is not None,
        }
    return [*gates, *(key for key, is_on in more.items() if is_on)]


def require_read(words: tuple[str, ...]) -> None:
    """Raise ConfigError for a swept key that a screen does not read: all its values would tie."""
    for word in words:
        key = word.lstrip("+~").partition("=")[0]
        parts = key.split(".")
        inner = ".".join(parts[2:]) if parts[0] == "markets" else key
        if any(inner == unread or inner.startswith(f"{unread}.") for unread in UNREAD):
            raise ConfigError(
                f"{key}: expected a key that a screen reads, was one that it leaves out; sweep it"
                f" with replay.tier=exact"
            )


def leave_out(p: Params) -> None:
    """Turn off what a screen does without."""
    for name in LEFT_OUT_GATES:
        getattr(p.gates, name).on = False
    p.gates.on = _has_gate(p.gates)
    p.gates.scheduled = False
    p.gates.leaves = False
    p.senses.on = False
    p.reference.on = False
    p.ramp.on = False
    p.learning.every_ns = 0


def _has_gate(gates: GateKnobs) -> bool:
    return any(getattr(gates, name).on for name in KEPT_GATES)


def hold_ns(p: Params) -> int:
    """Return for how long prices stand while volatility and position do not move."""
    if p.gates.on or p.is_spot or p.model not in (AVELLANEDA_STOIKOV, GLFT):
        return EVERY_NS
    is_slow = p.session_ns > 0 or (p.model == GLFT and is_exact(p))
    return SECOND_NS if is_slow else FOREVER_NS


def entry_and_gap_ns(settings: Settings, name: str, p: Params) -> tuple[int, int]:
    """Return how late an order arrives, and how long one waits that replaces another [ns].

    With one slot a level it is sent once the other's end is proven.
    """
    venue = sim_settings(name, settings.markets[name])
    entry_ns = int(venue.entry_latency_ms * MS)
    proof_ns = entry_ns + int(venue.response_latency_ms * MS)
    return entry_ns, proof_ns if p.slots_per_level == 1 else 0
