"""Trade the stand-in with the real adapter: `python -m tests.venues.okx.sandbox [WORD ...]`."""

import sys

from tests.venues.common.sandbox import Sandbox
from tests.venues.okx.keys import API_KEY, PASSPHRASE, SECRET

KEYS = {
    "OKX_SANDBOX_KEY": API_KEY,
    "OKX_SANDBOX_SECRET": SECRET,
    "OKX_SANDBOX_PASSPHRASE": PASSPHRASE,
}
SANDBOX = Sandbox("okx", KEYS)

if __name__ == "__main__":
    sys.exit(SANDBOX.run(sys.argv[1:]))
