"""Name what trades at the stand-in of Bybit, and count its orders as the deploy's ledger does."""

from tests.venues.bybit.staged.facts import naming_of

SYMBOLS = ("BTCUSDT", "ETHUSDT", "SOLUSDT", "WIFUSDT", "DOGEUSDT")
NAMING = naming_of(SYMBOLS)
