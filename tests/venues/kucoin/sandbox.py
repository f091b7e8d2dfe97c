"""Trade the stand-in with the real adapter: `python -m tests.venues.kucoin.sandbox [WORD ...]`."""

import sys

from tests.venues.common.sandbox import Sandbox
from tests.venues.kucoin.keys import API_KEY, PASSPHRASE, SECRET

KEYS = {
    "KUCOIN_SANDBOX_KEY": API_KEY,
    "KUCOIN_SANDBOX_SECRET": SECRET,
    "KUCOIN_SANDBOX_PASSPHRASE": PASSPHRASE,
}
SANDBOX = Sandbox("kucoin", KEYS)

if __name__ == "__main__":
    sys.exit(SANDBOX.run(sys.argv[1:]))
