"""Set leverage and margin mode of markets before anything is quoted, and have them told back."""

import asyncio
from collections.abc import Sequence
from urllib.parse import urlencode

from connectors.calls import Calls, Refused, Request
from connectors.lighter.account_terms import TermsReads
from connectors.lighter.answers import judge
from connectors.lighter.expected import MarginTerms
from connectors.lighter.lane import NONCE_WEIGHT, NextNonce
from connectors.lighter.listing import Listed
from connectors.lighter.network import Network
from connectors.lighter.refusal_words import words
from connectors.lighter.sender import FORM
from connectors.lighter.signer import TxSigner
from connectors.lighter.transactions import UpdateLeverage
from connectors.model.errors import Plan, VenueError
from connectors.pacing import Kind, Pacer

LOOKS = 10
LOOK_S = 1.5
"""So often, and so far apart, the venue is asked for what was set."""


Margin = tuple[Listed, MarginTerms]


class Leverage:
    """Sets margins with one key. Not beside orders of that key: it asks for the nonce itself."""

    def __init__(self, network: Network, calls: Calls, pacer: Pacer, signer: TxSigner) -> None:
        self._network = network
        self._calls = calls
        self._pacer = pacer
        self._signer = signer

    async def set(self, wanted: Sequence[Margin], reads: TermsReads) -> None:
        """Set what differs, once each; return when all is told back, else raise VenueError."""
        due = await _different(wanted, reads)
        for market, terms in due:
            await self._send(market, terms)
        for _ in range(LOOKS):
            if due:
                due = await _different(due, reads)
            if not due:
                return
            await asyncio.sleep(LOOK_S)
        market, terms = due[0]
        raise VenueError(
            f"lighter {market.instrument.symbol}: {terms.words()} was asked for and is not told"
            " back: look at the venue",
            Plan.HALT,
        )

    async def _send(self, market: Listed, terms: MarginTerms) -> None:
        """Send once. What is not proven is looked for in what the venue tells back."""
        wanted = UpdateLeverage(market.market_id, terms.fraction_1e4, terms.mode)
        who = {"account_index": self._signer.account, "api_key_index": self._signer.key_index}
        told = await self._network.rest.get("nextNonce", who, NONCE_WEIGHT, NextNonce)
        await self._pacer.turn(1, Kind.PLACE, self._network.clock, market.name)
        (tx,) = await self._signer.sign([wanted], told.nonce)
        body = urlencode({"tx_type": wanted.kind, "tx_info": tx.info}).encode()
        url = f"{self._network.terms.rest_url.rstrip('/')}/api/v1/sendTx"
        outcome = await self._calls.write(Request("POST", url, FORM, body), judge)
        if isinstance(outcome, Refused):
            said = words(outcome.code, outcome.text)
            raise VenueError(
                f"markets.{market.name}.venue.margin: {terms.words()} was {said}", Plan.HALT
            )
        self._network.say(market.name, f"margin is set to {terms.words()}")


async def _different(wanted: Sequence[Margin], reads: TermsReads) -> list[Margin]:
    """Return those that the venue does not tell as they are wanted."""
    if not wanted:
        return []
    found = await reads.margins()
    return [(market, terms) for market, terms in wanted if found.get(market.market_id) != terms]
