"""Make a write through ccxt, and say what is proven of it whatever ccxt makes of the answer."""

from collections.abc import Awaitable, Callable
from typing import Any

import ccxt

from connectors.calls import NOT_SENT, Confirmed, Lost, Refused, Unproven
from connectors.ccxt.answers import NETWORK, Told, Verdict, verdict_of
from connectors.ccxt.network import PAID
from connectors.model.errors import VenueError
from connectors.pacing import Pacer

NOT_READ = (ccxt.BaseError, LookupError, TypeError, ValueError, AttributeError)
"""What ccxt raises where it cannot make a request, or read an answer."""


async def written(pacer: Pacer, write: Callable[[], Awaitable[Any]]) -> Verdict:
    """Make a write whose budget has been taken in `pacer`; give its place in flight back.

    An error before the request has left proves that it never will; one that is not the venue's own
    after it has left proves nothing.
    """
    PAID.set(pacer)
    try:
        return Verdict(Confirmed(await write()))
    except (Told, Lost) as error:
        return verdict_of(error)
    except (VenueError, *NOT_READ) as error:
        why = f"{type(error).__name__} {str(error)[:160]}"
        if PAID.get() is None:
            return Verdict(Unproven(f"the answer was not understood: {why}"))
        return Verdict(Refused(NOT_SENT, why), NETWORK)
    finally:
        if PAID.get() is not None:
            PAID.set(None)
            pacer.release()
