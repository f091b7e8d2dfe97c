"""The terminal view: a table of markets, the chosen one in full, what happened, and keys."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import DataTable, Footer, Static

from connectors.model.errors import MmrunnerError
from runner.control.words import ALL, Answer, Command, Picture, Welcome
from runner.terminal.asking import KEYS, KILL, SET, Wish, command, question, steerable
from runner.terminal.detail import detail
from runner.terminal.dialog import Confirm, Line
from runner.terminal.heading import happened, heading
from runner.terminal.heard import Heard
from runner.terminal.rows import HEADS, rows_of

AGAIN_S = 1.0
"""Wait before a deploy that is gone is asked again."""
LOOK_S = 1.0
"""Time between two looks at whether the deploy has fallen silent."""


@dataclass(frozen=True, slots=True)
class Deploy:
    """A deploy as it is reached: its name, its pictures, how it is asked, and who asks."""

    name: str
    told: Callable[[], AsyncIterator[Welcome | Picture]]
    ask: Callable[[Command], Awaitable[Answer]]
    new_identity: Callable[[], str]
    who: str
    monotonic_ns: Callable[[], int]


def _bindings() -> Iterator[BindingType]:
    for key, wish in KEYS.items():
        yield Binding(key, f"wish('{key}', False)", wish.what)
        yield Binding(key.upper(), f"wish('{key}', True)", f"{wish.what} all", show=False)
    yield Binding("s", "set", "set")
    yield Binding("k", "kill", "kill")
    yield Binding("q", "quit", "leave")


class Terminal(App[None]):
    """Watch one deploy until a person leaves. It changes nothing but by a key and its answer."""

    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = "terminal.tcss"
    BINDINGS: ClassVar[list[BindingType]] = list(_bindings())

    def __init__(self, deploy: Deploy) -> None:
        super().__init__()
        self._deploy = deploy
        self._shown: tuple[str, ...] = ()
        self.heard = Heard()

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield Static(id="heading")
        yield DataTable[Text](id="markets", cursor_type="row")
        with Horizontal(id="below"):
            with VerticalScroll(id="market"):
                yield Static(id="detail")
            with VerticalScroll(id="events"):
                yield Static(id="happened")
        yield Static("capital letters: every market", id="answer")
        yield Footer()

    def on_mount(self) -> None:
        """Begin to listen."""
        for k, head in enumerate(HEADS):
            side: Literal["left", "right"] = "left" if k < 2 else "right"
            self._table.add_column(Text(head, "dim", justify=side), key=head)
        self._table.focus()
        self.run_worker(self._listen())
        self.set_interval(LOOK_S, self._show_heading)
        self._show_heading()

    def on_data_table_row_highlighted(self) -> None:
        """Tell the market that is chosen now."""
        self._show_detail()

    def action_wish(self, key: str, of_all: bool) -> None:
        """Ask for what a key means, after a yes where it needs one."""
        wish, market = KEYS[key], ALL if of_all else self._chosen
        if market:
            self.run_worker(self._confirmed(wish, market))

    def action_kill(self) -> None:
        """Ask why, and kill the deploy."""
        self.run_worker(self._typed(KILL, ALL))

    def action_set(self) -> None:
        """Ask what to change in the chosen market."""
        market, welcome = self.heard.market(self._chosen), self.heard.welcome
        if market is not None and welcome is not None:
            self.run_worker(self._typed(SET, market.name, steerable(market, welcome.steerable)))

    async def _confirmed(self, wish: Wish, market: str) -> None:
        if not wish.confirms or await self.push_screen_wait(Confirm(question(wish, market))):
            await self._send(wish, market, "")

    async def _typed(self, wish: Wish, market: str, told: str = "") -> None:
        typed = await self.push_screen_wait(Line(question(wish, market), wish.needs, told))
        if typed is not None:
            await self._send(wish, market, typed)

    async def _send(self, wish: Wish, market: str, typed: str) -> None:
        """Send a command, and show what the deploy answers."""
        deploy = self._deploy
        try:
            asked = command(wish, market, typed, deploy.new_identity(), deploy.who)
            answer = await deploy.ask(asked)
        except (ValueError, MmrunnerError) as error:
            self._answer(Text(str(error), "bold red"))
            return
        self._answer(Text(answer.line, "green" if answer.done else "bold red"))

    async def _listen(self) -> None:
        """Show picture after picture; ask again whenever the deploy is gone."""
        while True:
            try:
                async for told in self._deploy.told():
                    self.heard.hear(told, self._deploy.monotonic_ns())
                    self._show()
            except MmrunnerError as error:
                self.heard.lose(str(error))
                self._show_heading()
            await asyncio.sleep(AGAIN_S)

    def _show(self) -> None:
        self._show_heading()
        self._show_markets()
        self._show_detail()
        self._static("happened").update(happened(self.heard))

    def _show_heading(self) -> None:
        now_ns = self._deploy.monotonic_ns()
        self._static("heading").update(heading(self.heard, self._deploy.name, now_ns))

    def _show_markets(self) -> None:
        """Write the cells that have changed; the rows only where the markets are others."""
        table, markets = self._table, self.heard.markets
        rows = rows_of(markets)
        names = tuple(market.name for market in markets)
        if names != self._shown:
            self._shown = names
            table.clear()
            for name, row in zip(names, rows, strict=True):
                table.add_row(*row, key=name)
            return
        for name, row in zip(names, rows, strict=True):
            for head, cell in zip(HEADS, row, strict=True):
                if table.get_cell(name, head) != cell:
                    table.update_cell(name, head, cell, update_width=True)

    def _show_detail(self) -> None:
        market, welcome = self.heard.market(self._chosen), self.heard.welcome
        if market is not None and welcome is not None:
            self._static("detail").update(detail(market, welcome.sentences))

    def _answer(self, line: Text) -> None:
        self._static("answer").update(line)

    @property
    def _chosen(self) -> str:
        """The market under the cursor; empty where there is none."""
        row = self._table.cursor_row
        return self._shown[row] if 0 <= row < len(self._shown) else ""

    @property
    def _table(self) -> "DataTable[Text]":
        return self.screen_stack[0].query_one("#markets", DataTable)

    def _static(self, name: str) -> Static:
        return self.screen_stack[0].query_one(f"#{name}", Static)
