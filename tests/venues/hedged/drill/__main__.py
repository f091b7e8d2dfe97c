"""Run the drill: ``python -m tests.venues.hedged.drill [MINUTES] [SEED]``."""

import sys

from tests.venues.hedged.drill.run import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
