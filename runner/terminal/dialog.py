"""Ask a person before something is done: yes or no, or a line to type."""

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static


class Confirm(ModalScreen[bool]):
    """A question. Only `y` is yes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "yes"),
        Binding("n,escape,enter,q", "answer(False)", "no"),
    ]

    def __init__(self, asked: str) -> None:
        super().__init__()
        self._asked = asked

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Vertical(classes="dialog"):
            yield Static(Text(self._asked, "bold"))
            yield Static(Text("y yes   n no", "dim"))

    def action_answer(self, answer: bool) -> None:
        """Close with the answer."""
        _ = self.dismiss(answer)


class Line(ModalScreen[str | None]):
    """A question that is answered by typing; None where that is given up."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "give_up", "no")]

    def __init__(self, asked: str, example: str, told: str = "") -> None:
        super().__init__()
        self._asked = asked
        self._example = example
        self._told = told

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Vertical(classes="dialog"):
            yield Static(Text(self._asked, "bold"))
            if self._told:
                yield Static(Text(self._told, "dim"), classes="told")
            yield Input(placeholder=self._example)
            yield Static(Text("enter send   escape give up", "dim"))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Close with what was typed."""
        _ = self.dismiss(event.value)

    def action_give_up(self) -> None:
        """Close without an answer."""
        _ = self.dismiss(None)
