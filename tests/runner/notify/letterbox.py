"""An address on this machine that takes letters, or does not."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Letterbox:
    """What has been posted and asked for. `is_open`: whether it is taken."""

    def __init__(self) -> None:
        self.letters: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.is_open = True
        self.url = ""


@contextmanager
def letterbox() -> Iterator[Letterbox]:
    """Yield a letterbox while the block runs; `url` is its address for a GET."""
    box = Letterbox()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if box.is_open:
                box.letters.append(json.loads(body))
            self._answer()

        def do_GET(self) -> None:
            box.asked.append(self.path)
            self._answer()

        def _answer(self) -> None:
            self.send_response(200 if box.is_open else 500)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    box.url = f"http://127.0.0.1:{server.server_port}/pulse"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield box
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def address(box: Letterbox) -> str:
    """Return the letterbox as apprise names it; the token stands for a secret."""
    return box.url.replace("http://", "json://user:canary-token@").removesuffix("/pulse")
