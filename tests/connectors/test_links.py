"""A market hangs on its listing, its data and its account, and hears when one of them matters."""

from connectors.links import LISTING, links_of


class Heard:
    """A `Sink` that keeps what it hears of its links."""

    def __init__(self) -> None:
        self.links: list[bool] = []

    def on_batch(self, *told: object) -> None:
        """Hear of no rows."""

    def on_link(self, is_whole: bool, now_ns: int) -> None:
        """Keep the word."""
        self.links.append(is_whole)


DATA = {"data of btc": ["btc"], "data of eth": ["eth"]}


def test_with_an_account_every_market_waits_for_all_of_its_streams() -> None:
    sinks = {"btc": Heard(), "eth": Heard()}
    links = links_of(sinks, ["btc", "eth"], DATA, "the account", 1)
    assert [sink.links for sink in sinks.values()] == [[False], [False]]
    assert not links.change("data of btc", True, 2)
    assert links.change("the account", True, 3)
    assert [sink.links for sink in sinks.values()] == [[False, True], [False]]
    links.change("data of eth", True, 4)
    links.change(LISTING + "eth", False, 5)
    assert sinks["eth"].links == [False, True, False]


def test_without_an_account_only_a_market_that_is_not_listed_is_held() -> None:
    sinks = {"btc": Heard(), "eth": Heard()}
    links = links_of(sinks, ["eth"], {"data of eth": ["eth"]}, None, 1)
    assert [sink.links for sink in sinks.values()] == [[False], []]
    assert links.change(LISTING + "btc", True, 2)
    assert sinks["btc"].links == [False, True]
