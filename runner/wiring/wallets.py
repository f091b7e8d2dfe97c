"""See that no two spot markets spend the same money."""

from collections.abc import Sequence

from connectors.model.errors import ConfigError
from runner.settings import Settings


def require_own_currencies(settings: Settings, names: Sequence[str], venue: str) -> None:
    """Raise ConfigError where two spot markets would each count on the whole of one balance."""
    spender: dict[str, str] = {}
    for name in names:
        market = settings.markets[name]
        if not market.instrument.is_spot or market.role == "lead":
            continue
        for currency in (market.instrument.base, market.instrument.quote):
            other = spender.setdefault(currency, name)
            if other != name:
                raise ConfigError(
                    f"markets.{name}.instrument: expected no spot market of {venue} beside it that"
                    f" trades {currency}, was {other}: both would count on the same balance; give"
                    " each an account of its own"
                )
