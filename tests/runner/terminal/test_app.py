"""The terminal view as a person meets it: what it shows, and what each key asks the deploy for."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal

from textual.pilot import Pilot
from textual.widgets import DataTable, Input

from runner.control.client import Gone
from runner.control.words import Answer, Command, Market, Picture, Welcome
from runner.terminal.app import Deploy, Terminal
from tests.runner.control.pictures import market, picture, welcome

Screen = Pilot[None]


class Faked:
    """A deploy that tells what it is given and keeps what it is asked."""

    def __init__(self, *markets: Market) -> None:
        self.asked: list[Command] = []
        self.told: asyncio.Queue[Welcome | Picture | Gone] = asyncio.Queue()
        for one in (welcome(), picture(markets=markets)):
            self.told.put_nowait(one)

    def deploy(self) -> Deploy:
        names = iter(str(k) for k in range(100))
        return Deploy("lab", self._tell, self._ask, lambda: next(names), "ann", lambda: 0)

    async def _tell(self) -> AsyncIterator[Welcome | Picture]:
        while True:
            told = await self.told.get()
            if isinstance(told, Gone):
                raise told
            yield told

    async def _ask(self, command: Command) -> Answer:
        self.asked.append(command)
        return Answer(command.identity, True, f"{command.what}: done")


def shown(faked: Faked, body: Callable[[Screen, Terminal], Awaitable[None]]) -> None:
    """Run `body` on a terminal of 120 columns that watches a deploy."""

    async def run() -> None:
        app = Terminal(faked.deploy())
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            await body(pilot, app)

    asyncio.run(run())


async def typed(pilot: Screen, key: str, text: str) -> None:
    """Press a key, type into what it opens, and send it."""
    await pilot.press(key)
    pilot.app.screen.query_one(Input).value = text
    await pilot.press("enter")
    await pilot.pause()


def cell(app: Terminal, row: str, head: str) -> str:
    """Return the text of a cell."""
    return str(app.screen_stack[0].query_one("#markets", DataTable).get_cell(row, head))


def test_a_deploy_is_shown_and_follows_its_pictures() -> None:
    faked = Faked(market("btc"), market("eth", state="paused", paused_by="bob", why=("by bob",)))

    async def body(pilot: Screen, app: Terminal) -> None:
        assert cell(app, "btc", "state") == "quoting"
        assert cell(app, "eth", "state") == "paused"
        faked.told.put_nowait(picture(2, [market("btc", mid=Decimal("77.5")), market("eth")]))
        await pilot.pause()
        assert cell(app, "btc", "mid") == "77.5"
        assert cell(app, "eth", "state") == "quoting"

    shown(faked, body)


def test_keys_ask_for_the_chosen_market_and_capital_ones_for_all() -> None:
    faked = Faked(market("btc"), market("eth"))

    async def body(pilot: Screen, app: Terminal) -> None:
        await pilot.press("p", "down", "u", "P")
        await pilot.pause()
        assert [(one.what, one.market) for one in faked.asked] == [
            ("pause", "btc"),
            ("pull", "eth"),
            ("pause", "all"),
        ]
        assert {one.who for one in faked.asked} == {"ann"}
        assert len({one.identity for one in faked.asked}) == 3

    shown(faked, body)


def test_what_takes_or_quotes_is_sent_only_after_a_yes() -> None:
    faked = Faked(market("btc"))

    async def body(pilot: Screen, app: Terminal) -> None:
        for no in ("n", "escape", "enter"):
            await pilot.press("f", no)
            await pilot.pause()
        assert faked.asked == []
        await pilot.press("f", "y")
        await pilot.pause()
        assert [one.what for one in faked.asked] == ["flatten"]

    shown(faked, body)


def test_a_kill_needs_its_reason_and_a_change_its_key_and_value() -> None:
    faked = Faked(market("btc"))

    async def body(pilot: Screen, app: Terminal) -> None:
        await pilot.press("k", "enter")
        await pilot.pause()
        await typed(pilot, "s", "gamma")
        assert faked.asked == []
        await typed(pilot, "s", "gamma=0.3")
        await typed(pilot, "k", "drift")
        change, kill = faked.asked
        assert (change.what, change.market, change.key, change.value) == (
            "set",
            "btc",
            "gamma",
            "0.3",
        )
        assert (kill.what, kill.market, kill.reason) == ("kill", "all", "drift")

    shown(faked, body)
