"""Read what the venue has agreed with an account: tier, fees, keys, margins."""

from dataclasses import dataclass

from msgspec import Struct

from connectors.lighter.account_wire import Amount
from connectors.lighter.budgets import READ
from connectors.lighter.expected import MarginTerms
from connectors.lighter.rest import Rest
from connectors.lighter.tokens import Tokens
from connectors.lighter.wire import Count, MarketId
from connectors.model.errors import Plan, VenueError

KEYS_READ = 150
EVERY_KEY = 255


class Limits(Struct):
    """An account's tier, and its fees in 1e-6 of the notional."""

    user_tier: str
    current_maker_fee_tick: int
    current_taker_fee_tick: int


class ApiKey(Struct):
    """A registered key."""

    api_key_index: Count
    public_key: str


class ApiKeys(Struct):
    """Every registered key."""

    api_keys: list[ApiKey]


class MakerOnly(Struct):
    """The keys that may not take."""

    api_key_indexes: list[Count]


class Margined(Struct):
    """How a market is margined: `initial_margin_fraction` is percent."""

    market_id: MarketId
    initial_margin_fraction: Amount
    margin_mode: int


class Money(Struct):
    """An account's money and margins. `cancel_all_time` is the ms of a planned one, 0: none."""

    index: Count
    available_balance: Amount
    positions: list[Margined]
    cancel_all_time: Count = 0


class Accounts(Struct):
    """Accounts that fit a question."""

    accounts: list[Money]


@dataclass(frozen=True, slots=True)
class AccountTerms:
    """What the venue says of one account."""

    tier: str
    maker_fee_1e6: int
    taker_fee_1e6: int
    keys: dict[int, str]
    maker_only: frozenset[int] | None
    """None: the venue did not tell."""
    available: str
    margins: dict[int, MarginTerms]
    cancel_all_ms: int


class TermsReads:
    """The reads of one account's terms."""

    def __init__(self, rest: Rest, tokens: Tokens, account: int) -> None:
        self._rest = rest
        self._tokens = tokens
        self._account = account

    async def all(self) -> AccountTerms:
        """Return all of it, or raise VenueError."""
        money = await self._money()
        keys = await self._rest.get("apikeys", self._who(EVERY_KEY), KEYS_READ, ApiKeys)
        token = await self._tokens.fresh()
        limits = await self._rest.get("accountLimits", self._who(), READ, Limits, token)
        return AccountTerms(
            limits.user_tier,
            limits.current_maker_fee_tick,
            limits.current_taker_fee_tick,
            {key.api_key_index: key.public_key for key in keys.api_keys},
            await self._maker_only(token),
            money.available_balance,
            _margins(money),
            money.cancel_all_time,
        )

    async def margins(self) -> dict[int, MarginTerms]:
        """Return how markets are margined, by their ids; one that was never touched is left out."""
        return _margins(await self._money())

    async def _maker_only(self, token: str) -> frozenset[int] | None:
        """Return the keys that may not take; not every tier is told."""
        try:
            said = await self._rest.get("getMakerOnlyApiKeys", self._who(), READ, MakerOnly, token)
        except VenueError:
            return None
        return frozenset(said.api_key_indexes)

    async def _money(self) -> Money:
        params: dict[str, str | int] = {"by": "index", "value": self._account}
        token = await self._tokens.fresh()
        said = await self._rest.get("account", params, READ, Accounts, token)
        for account in said.accounts:
            if account.index == self._account:
                return account
        raise VenueError(f"lighter account: there is no account {self._account}", Plan.HALT)

    def _who(self, key_index: int | None = None) -> dict[str, str | int]:
        who: dict[str, str | int] = {"account_index": self._account}
        return who if key_index is None else {**who, "api_key_index": key_index}


def _margins(money: Money) -> dict[int, MarginTerms]:
    return {
        p.market_id: MarginTerms(round(float(p.initial_margin_fraction) * 100), p.margin_mode)
        for p in money.positions
    }
