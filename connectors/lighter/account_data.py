"""Run the account's stream: whole once each of its channels has spoken, with a token that lasts."""

from collections.abc import Callable, Sequence

from connectors.lasting import all_lasting
from connectors.lighter.account_feed import AccountFeed
from connectors.lighter.account_state import AccountState
from connectors.lighter.account_wire import Tx
from connectors.lighter.channels import HEIGHT, subscription
from connectors.lighter.listing import Listed
from connectors.lighter.market_feed import Deliver
from connectors.lighter.network import Network
from connectors.lighter.notices import TOO_FAST
from connectors.lighter.tokens import Tokens
from connectors.lighter.wire import ErrorBody
from connectors.links import Links
from connectors.socket import Subscription
from connectors.stream import Stream

STREAM = "account"
CHANNELS = (
    "account_all_orders",
    "account_all_trades",
    "account_all_positions",
    "account_all_assets",
    "user_stats",
    "account_tx",
)


class AccountData:
    """The account's stream of a run."""

    def __init__(
        self,
        network: Network,
        state: AccountState,
        tokens: Tokens,
        markets: Sequence[Listed],
        deliver: Deliver,
        on_transaction: Callable[[Tx], None],
    ) -> None:
        self._network = network
        self._state = state
        self._tokens = tokens
        self._markets = tuple(markets)
        self._deliver = deliver
        self._on_transaction = on_transaction

    async def run(self, links: Links) -> None:
        """Keep the stream until cancelled; a new token opens the next connection before the end of
        the old one's."""
        network = self._network

        def tell(is_whole: bool, why: str) -> None:
            now_ns = network.clock.now_ns()
            self._state.whole_since_ns = now_ns if is_whole else None
            if links.change(STREAM, is_whole, now_ns) and not is_whole:
                network.say("", f"{STREAM}: {why}")

        feed = AccountFeed(
            self._state,
            self._markets,
            self._deliver,
            tell,
            self._refused,
            self._on_transaction,
            lambda text: network.say("", text),
        )
        await network.until_answered(self._tokens.fresh)
        stream = network.stream(network.terms.ws_url, self._wanted(), feed)
        feed.line = stream

        def replace() -> None:
            network.say("", f"{STREAM}: something of ours was not told of: opened anew")
            stream.replace_soon()

        self._state.on_deaf = replace
        await all_lasting(
            ("lighter account stream", stream.run()),
            ("lighter account pings", network.answer_pings(feed.pinged, stream)),
            ("lighter token", self._keep_token(stream)),
        )

    async def _keep_token(self, stream: Stream) -> None:
        await self._tokens.keep(stream.replace_soon, lambda why: self._network.say("", why))

    def _wanted(self) -> list[Subscription]:
        account = self._state.account
        own = [subscription(f"{name}/{account}", self._token) for name in CHANNELS]
        return [*own, subscription(HEIGHT)]

    def _token(self) -> str:
        return self._tokens.current

    def _refused(self, error: ErrorBody) -> None:
        """Heed a refusal; what is not about our speed may be about our token."""
        if error.code in TOO_FAST:
            self._network.slow_down()
        else:
            self._tokens.doubt()
        self._network.say("", f"{STREAM}: refused with {error.code} {error.message[:160]}")
