"""Trade the stand-in with the real adapter: `python -m tests.venues.binance.sandbox [WORD ...]`."""

import sys

from tests.venues.binance.keys import API_KEY, SECRET
from tests.venues.common.sandbox import Sandbox

SANDBOX = Sandbox("binance", {"BINANCE_SANDBOX_KEY": API_KEY, "BINANCE_SANDBOX_SECRET": SECRET})

if __name__ == "__main__":
    sys.exit(SANDBOX.run(sys.argv[1:]))
