"""Trade the stand-in with the real adapter: `python -m tests.venues.hyperliquid.sandbox`."""

import sys

from tests.venues.common.sandbox import Sandbox
from tests.venues.hyperliquid.keys import ADDRESS, AGENT_KEY

KEYS = {"HYPERLIQUID_SANDBOX_ADDRESS": ADDRESS, "HYPERLIQUID_SANDBOX_AGENT_KEY": AGENT_KEY}
SANDBOX = Sandbox("hyperliquid", KEYS)

if __name__ == "__main__":
    sys.exit(SANDBOX.run(sys.argv[1:]))
