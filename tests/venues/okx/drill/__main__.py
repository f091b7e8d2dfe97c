"""Drill an armed deploy at the stand-in: ``python -m tests.venues.okx.drill [MINUTES]``."""

import sys

from tests.venues.common.drill.run import main
from tests.venues.okx.drill.place import PLACE

if __name__ == "__main__":
    sys.exit(main(PLACE, sys.argv[1:]))
