"""Run the product with a loop that can be blocked: a file named `block` in its home does it.

`python -m tests.runner.modes.blocked [WORD ...]` is `mmrunner [WORD ...]` but for that.
"""

import asyncio
import os
import sys
from contextlib import suppress
from pathlib import Path

from runner.__main__ import main
from runner.control import client
from runner.engine.session import Session

BLOCK = "block"


def plant(home: Path) -> None:
    """Let the watch of a session wait busily, for ever, once the file is there."""
    look = Session._look_at_ledger

    def blocked(session: Session) -> None:
        while (home / BLOCK).exists():
            pass
        look(session)

    Session._look_at_ledger = blocked  # type: ignore[method-assign]


def block(home: Path, deploy: str) -> None:
    """Block a deploy's loop for ever, and wait until it answers nobody."""
    (home / BLOCK).touch()
    socket = home / "outputs" / "ledgers" / f"{deploy}.socket"
    with suppress(client.Gone):
        while asyncio.run(client.look(socket, within_s=1.0)):
            pass


if __name__ == "__main__":
    plant(Path(os.environ["MMRUNNER_HOME"]))
    sys.exit(main())
