"""Tell each market's sink whether all the streams that it hangs on are whole."""

from collections.abc import Iterable, Mapping

from connectors.venue import Sink

LISTING = "the listing of "
"""A market's listing counts as a stream of its own: this and its name."""


class Links:
    """The streams of a venue by name, and the markets that each of them carries."""

    def __init__(self, sinks: Mapping[str, Sink], streams: Mapping[str, Iterable[str]]) -> None:
        """Count every market as whole until one of its streams is said to be otherwise."""
        self._sinks = sinks
        self._streams = {stream: tuple(markets) for stream, markets in streams.items()}
        self._broken: dict[str, set[str]] = {market: set() for market in sinks}

    def change(self, stream: str, is_whole: bool, now_ns: int) -> bool:
        """Note how a stream is; tell the sinks for which that makes a difference, and whether it
        does for any."""
        is_news = False
        for market in self._streams[stream]:
            broken = self._broken[market]
            was_whole = not broken
            if is_whole:
                broken.discard(stream)
            else:
                broken.add(stream)
            if was_whole is bool(broken):
                is_news = True
                self._sinks[market].on_link(not broken, now_ns)
        return is_news


def links_of(
    sinks: Mapping[str, Sink],
    found: Iterable[str],
    data: Mapping[str, Iterable[str]],
    account: str | None,
    now_ns: int,
) -> Links:
    """Return the links of a run, with those broken that are not there yet.

    A market that was not `found` lacks its listing. `data` are the streams of market data; where
    there is an `account`, so is called its stream, and every market waits for all of its own.
    """
    names = list(found)
    streams: dict[str, Iterable[str]] = {LISTING + name: [name] for name in sinks} | dict(data)
    if account is not None:
        streams[account] = names
    links = Links(sinks, streams)
    for name in sinks.keys() - set(names):
        links.change(LISTING + name, False, now_ns)
    for stream in () if account is None else (account, *data):
        links.change(stream, False, now_ns)
    return links
