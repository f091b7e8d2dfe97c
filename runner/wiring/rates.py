"""Say what currencies are worth, from settings."""

from runner.engine.rates import Rates
from runner.settings import Settings


def rates_of(settings: Settings) -> Rates:
    """Return what currencies are worth, as far as the configuration says."""
    told = {currency: rate for currency, rate in settings.rates.items() if rate is not None}
    return Rates(settings.reporting_currency, told)
