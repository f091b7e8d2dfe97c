"""Trade the stand-in with the adapter: `python -m tests.venues.binance_spot.sandbox [WORD ...]`."""

import sys

from tests.venues.binance.keys import API_KEY, SECRET
from tests.venues.common.sandbox import Sandbox

KEYS = {"BINANCE_SANDBOX_KEY": API_KEY, "BINANCE_SANDBOX_SECRET": SECRET}
SANDBOX = Sandbox("binance_spot", KEYS)

if __name__ == "__main__":
    sys.exit(SANDBOX.run(sys.argv[1:]))
