"""Make the thrift of a market whose venue counts new orders."""

from connectors.metered import Metered
from connectors.venue import Venue
from runner.engine.thrift import QuotaTerms, Thrift
from runner.engine.warnings import Warn
from runner.engine.worker import Worker
from runner.settings import Settings


def thrift_of(settings: Settings, venue: Venue, worker: Worker, warn: Warn) -> Thrift | None:
    """Return how a market spares orders, None where its venue counts none."""
    if not isinstance(venue, Metered):
        return None
    chosen = settings.risk.quota
    terms = QuotaTerms(chosen.calm_orders, chosen.floor_orders)
    return Thrift(worker.market.name, lambda: venue.quota_left, terms, worker, warn)
