"""Be the web view beside a deploy: `python -m runner.web`, its terms as the first line of input.

It listens at a socket that it is given, and ends when its input does. What ends a deploy by a
signal to all of its processes does not end it first: the deploy's last words are to be seen.
"""

import json
import os
import signal
import socket
import sys

from runner.web.terms import Terms

IN = 0
MOST_BYTES = 65_536


def main() -> int:
    """Serve until the deploy has ended."""
    line = b""
    while not line.endswith(b"\n"):
        more = os.read(IN, MOST_BYTES)
        if not more:
            return 0
        line += more
    words = json.loads(line)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    from runner.web.server import serve

    with socket.socket(fileno=int(words["listener"])) as listener:
        serve(Terms(**words["terms"]), listener, words["word"], leash=IN)
    return 0


if __name__ == "__main__":
    sys.exit(main())
