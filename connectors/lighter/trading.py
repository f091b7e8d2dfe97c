"""Make what trades an account out of an index, a key and a chain."""

from connectors.calls import Calls, Patience
from connectors.calls import Sender as Http
from connectors.lighter.adapter import Holder
from connectors.lighter.countdown import LighterCountdown
from connectors.lighter.door import Door
from connectors.lighter.emergency import Emergency
from connectors.lighter.leverage import Leverage
from connectors.lighter.library import NativeLibrary, PrivateKey
from connectors.lighter.manner import Manner
from connectors.lighter.network import Network
from connectors.lighter.orders import LighterOrders
from connectors.lighter.signer import ThreadSigner, TxSigner
from connectors.lighter.tokens import Tokens

ORDER_LIFE_S = 360.0
"""The venue lets an order rest for at least five minutes; one that nobody renews ends by itself."""
USUAL = Manner()


def holder_of(account: int, key_index: int, key: PrivateKey, chain_id: int) -> Holder:
    """Return an account with the signer of one of its keys.

    The venue's library is loaded on the signer's own thread when it is first needed; a failure of
    that is a VenueError with Plan.HALT of whoever asked for a token.
    """
    return Holder(account, signer_of(account, key_index, key, chain_id))


def signer_of(account: int, key_index: int, key: PrivateKey, chain_id: int) -> ThreadSigner:
    """Return the signer of one key, for one chain."""
    return ThreadSigner(
        account, key_index, lambda: NativeLibrary(account, key_index, key, chain_id)
    )


def orders_of(
    network: Network,
    http: Http,
    signer: TxSigner,
    order_life_s: float = ORDER_LIFE_S,
    manner: Manner = USUAL,
    cancel_signer: TxSigner | None = None,
) -> LighterOrders:
    """Return what sends the orders of one key, and the cancels of those that rest by another one,
    where there is one.

    `http` carries a transaction while the stream is down; what the venue counts is in the budgets
    of `network`. Give the signer also to the account's `Holder`.
    """
    pacer = network.budgets.sends
    calls = Calls(http, pacer, network.clock, network.rng, Patience())
    return LighterOrders(network, calls, pacer, signer, order_life_s, manner, cancel_signer)


def leverage_of(network: Network, http: Http, signer: TxSigner) -> Leverage:
    """Return what sets margins with one key, before its orders are sent."""
    pacer = network.budgets.sends
    calls = Calls(http, pacer, network.clock, network.rng, Patience())
    return Leverage(network, calls, pacer, signer)


def countdown_of(
    network: Network, orders: LighterOrders, signer: TxSigner, lasts_s: int
) -> LighterCountdown:
    """Return the account's scheduled cancel-all, as a venue's `countdown`."""
    tokens = Tokens(signer, network.clock)
    return LighterCountdown(network, tokens, signer.account, orders, lasts_s)


def emergency_of(
    rest_url: str, account: int, key_index: int, key: PrivateKey, chain_id: int
) -> Emergency:
    """Return what cancels all orders from another thread: a venue's `cancel_all_out_of_loop`.

    A key of its own is best; one that it shares with the orders serves too.
    """
    return Emergency(
        Door(rest_url), account, key_index, lambda: NativeLibrary(account, key_index, key, chain_id)
    )
