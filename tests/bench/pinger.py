"""Write the moment, again and again, to an inherited socket: `python -m tests.bench.pinger FD`.

Whoever reads it sees how late its event loop gets to what has come. It ends with the socket.
"""

import socket
import struct
import sys
from contextlib import suppress
from time import monotonic_ns, sleep

STAMP = struct.Struct("<q")
EVERY_S = 0.002


def main(fd: int) -> None:
    """Write until nobody reads."""
    with socket.socket(fileno=fd) as line, suppress(OSError):
        while True:
            line.sendall(STAMP.pack(monotonic_ns()))
            sleep(EVERY_S)


if __name__ == "__main__":
    main(int(sys.argv[1]))
