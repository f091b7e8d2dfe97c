"""Trade the stand-in with the real adapter: `python -m tests.venues.bybit.sandbox [WORD ...]`."""

import sys

from tests.venues.bybit.keys import API_KEY, SECRET
from tests.venues.common.sandbox import Sandbox


def addresses(port: int) -> list[str]:
    """Return what sends a deploy to the stand-in."""
    streams = ("public_url", "private_url", "trade_url")
    urls = [f"venue.{name}=ws://127.0.0.1:{port}" for name in streams]
    return [f"venue.rest_url=http://127.0.0.1:{port}", *urls]


KEYS = {"BYBIT_SANDBOX_KEY": API_KEY, "BYBIT_SANDBOX_SECRET": SECRET}
SANDBOX = Sandbox("bybit", KEYS, addresses)

if __name__ == "__main__":
    sys.exit(SANDBOX.run(sys.argv[1:]))
