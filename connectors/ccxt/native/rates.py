"""Read a stream that tells of marks and funding alone: no market hangs on it."""

from collections.abc import Mapping

from connectors.ccxt.market import PublicMarket
from connectors.ccxt.native.feed import Line
from connectors.ccxt.native.speech import Confirmed, Speech
from connectors.ccxt.words import Rates
from connectors.socket import Malformed


class RatesFeed:
    """The `Feed` of such a stream. Give it its stream as `line` before that runs."""

    line: Line

    def __init__(self, markets: Mapping[str, PublicMarket], speech: Speech) -> None:
        """`markets` are by the venue's symbols."""
        self._markets = markets
        self._speech = speech

    def channel_of(self, frame: bytes) -> str | None:
        """Return the subscription that was let in."""
        said = self._speech.said(frame)
        return said.channel if isinstance(said, Confirmed) else None

    def on_frames(self, frames: list[bytes], recv_ns: int) -> bool:
        """Keep what is new."""
        has_data = False
        for frame in frames:
            try:
                said = self._speech.said(frame)
            except Malformed as error:
                self.line.drop(str(error))
                continue
            if isinstance(said, Rates) and said.symbol in self._markets:
                self._markets[said.symbol].take_rates(said)
                has_data = True
        return has_data

    def on_backlog(self, frames: int) -> None:
        """Do nothing: the newest counts."""

    def on_connected(self) -> None:
        """Do nothing: the next word replaces the last."""

    def on_whole(self) -> None:
        """Do nothing."""

    def on_down(self, reason: str) -> None:
        """Do nothing: nobody is held for it."""
