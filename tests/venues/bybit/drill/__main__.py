"""Drill an armed deploy at the stand-in: ``python -m tests.venues.bybit.drill [MINUTES]``."""

import sys

from tests.venues.bybit.drill.place import PLACE
from tests.venues.common.drill.run import main

if __name__ == "__main__":
    sys.exit(main(PLACE, sys.argv[1:]))
