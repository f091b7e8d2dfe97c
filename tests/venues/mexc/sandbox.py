"""Trade the stand-in with the real adapter: `python -m tests.venues.mexc.sandbox [WORD ...]`."""

import sys

from tests.venues.common.sandbox import Sandbox
from tests.venues.mexc.keys import API_KEY, SECRET

SANDBOX = Sandbox("mexc", {"MEXC_SANDBOX_KEY": API_KEY, "MEXC_SANDBOX_SECRET": SECRET})

if __name__ == "__main__":
    sys.exit(SANDBOX.run(sys.argv[1:]))
