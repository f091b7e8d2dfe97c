"""Start mmrunner: `mmrunner` = `python -m runner`.

Interrupts are heard before anything else is imported: one that falls into an import may be
swallowed there, and the deploy would go on. What is written is its owner's alone, also what
libraries and child processes write.
"""

import os
import sys

from runner.interrupts import Interrupts

OWNERS_ALONE = 0o077


def main() -> int:
    """Run the command line and return the exit code."""
    Interrupts().listen()
    os.umask(OWNERS_ALONE)
    try:
        from runner.command import run

        return run()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
