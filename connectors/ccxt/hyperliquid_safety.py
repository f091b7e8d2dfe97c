"""See that an account at Hyperliquid is what the configuration takes it for before it trades."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from connectors.ccxt.fees import fee_remarks
from connectors.ccxt.hyperliquid_reads import HyperliquidReads
from connectors.ccxt.hyperliquid_wire import Leverage, Role
from connectors.ccxt.listing import Listed
from connectors.ccxt.network import Network
from connectors.ccxt.safety import Terms, heed, require, set_once
from connectors.examined import Remark, Weight

Act = Callable[[dict[str, Any]], Awaitable[Any]]
"""Have an action carried out; raises Told or Lost."""
USER, AGENT = "user", "agent"


class HyperliquidSafety:
    """The terms of one account, which `signer` signs for."""

    def __init__(
        self, reads: HyperliquidReads, network: Network, terms: Terms, signer: str
    ) -> None:
        self._reads = reads
        self._network = network
        self._terms = terms
        self._signer = signer
        self._role: Role | None = None

    async def examine(self, market: Listed) -> list[Remark]:
        """Remark on account, key, leverage and fees. Raises VenueError."""
        remarks = await self._of_account(market)
        if not remarks:
            now, fees = (
                await self._reads.leverage(market.symbol),
                await self._reads.fee_bps(market.symbol),
            )
            remarks = [*self._of_leverage(now, market), *fee_remarks(market, self._terms, fees)]
        return remarks or [Remark(Weight.GOOD, market.name, "the account is as configured")]

    async def prepare(self, market: Listed, act: Act) -> None:
        """Set and read back leverage and margin mode, which one action sets; raise VenueError for
        what may not be as it is."""
        heed(self._network, await self._of_account(market))
        now = await self._reads.leverage(market.symbol)
        wanted = self._wanted(now)
        if wanted != (now.type, now.value):
            await self._set(market, act, wanted)
        fees = await self._reads.fee_bps(market.symbol)
        heed(self._network, fee_remarks(market, self._terms, fees))

    async def _set(self, market: Listed, act: Act, wanted: tuple[str, int]) -> None:
        venue, (mode, leverage) = self._network.venue, wanted
        action = {
            "type": "updateLeverage",
            "asset": self._reads.numbers[market.symbol],
            "isCross": mode == "cross",
            "leverage": leverage,
        }
        await set_once(venue, "leverage", lambda: act(action))
        now = await self._reads.leverage(market.symbol)
        require(venue, market, "margin_mode", mode, now.type)
        require(venue, market, "leverage", str(leverage), str(now.value))

    def _wanted(self, now: Leverage) -> tuple[str, int]:
        return self._terms.margin_mode or now.type, self._terms.leverage or now.value

    async def _of_account(self, market: Listed) -> list[Remark]:
        """Remark on whose the key is, which is asked once: the account's own, or an agent's."""
        account = await self._reads.account()
        if self._role is None:
            self._role = await self._reads.role(self._signer)
        return list(_of_role(self._role, self._signer, account, market))

    def _of_leverage(self, now: Leverage, market: Listed) -> Iterator[Remark]:
        """Remark on what an armed start sets."""
        mode, leverage = self._wanted(now)
        if (mode, leverage) != (now.type, now.value):
            text = f"leverage is {now.value}, {now.type}: an armed start sets {leverage}, {mode}"
            yield Remark(Weight.WARNS, market.name, text)


def _of_role(role: Role, signer: str, account: str, market: Listed) -> Iterator[Remark]:
    """Refuse a key that may not sign for the account: vaults and sub-accounts have none."""
    if signer == account and role.role == USER:
        return
    if role.role != AGENT or (role.data or {}).get("user", "").lower() != account:
        text = (
            "expected the key of an agent that the account has approved, was that of:"
            f" {role.role}; approve it at the venue, and set the account's own address"
        )
        yield Remark(Weight.REFUSES, market.name, text)
