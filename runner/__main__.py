"""Start mmrunner: `mmrunner` = `python -m runner`.

Interrupts are heard before anything else is imported: one that falls into an import may be
swallowed there, and the deploy would go on.
"""

import sys

from runner.interrupts import Interrupts


def main() -> int:
    """Run the command line and return the exit code."""
    Interrupts().listen()
    try:
        from runner.command import run

        return run()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
