"""Do what a page tells, block by block, as a reader would: write its files, type its commands.

A command is a line ``$ mmrunner ...`` (``VARIABLE=value`` may stand before, ``| grep WORD`` after);
the lines that follow it are what it prints. All of a page happens in one empty home, which is also
the working directory.
"""

import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runner.command import start
from tests.docs.pages import Block

SHORT = "duration_s=0.4"
_VARIABLE = re.compile(r"([A-Z_]+)=(.*)")
_NUMBER = re.compile(r"[+−-]?\d[\d.,]*")


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a page, and the lines shown below it."""

    place: str
    line: str
    shown: tuple[str, ...]


@dataclass(slots=True)
class Story:
    """One reader at work. `read_out` returns what was printed since its last call, both streams."""

    home: Path
    checkout: Path
    recordings: Mapping[str, Path]
    """What DIR stands for, by a word of the command; only those that are there."""
    read_out: Callable[[], str]
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "a_page"})

    def tell(self, block: Block) -> None:
        """Do what a block says."""
        if block.file is not None:
            self._write(block)
        elif block.language == "python":
            exec(compile(block.text, block.place, "exec"), self.names)
        else:
            for command in commands_of(block):
                self._run(command)

    def type(self, *words: str, **environment: str) -> tuple[int, list[str]]:
        """Run a command line; return its exit code and what it printed, this home called "..."."""
        self.read_out()
        code = start(words, {"MMRUNNER_HOME": str(self.home), **environment}, None, self.checkout)
        return code, self.read_out().replace(str(self.home), "...").splitlines()

    def _write(self, block: Block) -> None:
        """Write the file that a block shows, unless it is one of the project's own."""
        path = (self.checkout if block.file.startswith("conf/") else self.home) / block.file
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")

    def _run(self, command: Command) -> None:
        words = shlex.split(command.line)
        words, wanted = _without_grep(words)
        environment = {}
        while match := _VARIABLE.fullmatch(words[0]):
            environment[match[1]] = match[2]
            words = words[1:]
        if words[0] != "mmrunner":
            raise AssertionError(f"{command.place}: {command.line} is no command of mmrunner")
        typed = [self._filled_in(word, command.line) for word in words[1:]]
        if any("DIR" in word for word in typed):
            return
        code, printed = self.type(*shortened(typed), **environment)
        if wanted is not None:
            printed = [line for line in printed if wanted in line]
        refused = any(line.startswith("mmrunner: ") for line in command.shown)
        assert (code == 0) != refused, (command.place, command.line, code, printed)
        exactly = refused or "explain-config" in typed
        left = missing(command.shown, printed, exactly=exactly)
        assert not left, (command.place, command.line, left, printed)

    def _filled_in(self, word: str, line: str) -> str:
        """Put a recorded market for DIR, and the first session of this home for RUN."""
        for name, path in self.recordings.items():
            if word.endswith("DIR") and name in line:
                word = word.replace("DIR", str(path))
        sessions = sorted((self.home / "outputs" / "tapes").iterdir())
        return re.sub(r"\bRUN\b", sessions[0].name, word)


def commands_of(block: Block) -> Iterator[Command]:
    """Yield the commands of a block with what is shown below each."""
    line, shown, place = "", [], 0
    for number, text in enumerate([*block.text.splitlines(), "$ "], start=block.line + 1):
        if text.startswith("$ "):
            if "mmrunner" in line:
                yield Command(f"{block.page}:{place}", line, tuple(filter(str.strip, shown)))
            line, shown, place = text[2:], [], number
        else:
            shown.append(text)


def shortened(words: Sequence[str]) -> list[str]:
    """Return a command line whose run ends soon."""
    kept = [SHORT if word.startswith("duration_s=") else word for word in words]
    endless = "mode=replay" not in kept and not any(
        word.startswith(("-", "duration_s", "explain", "experiment=recorded")) for word in kept
    )
    return [*kept, SHORT] if endless else kept


def missing(shown: Sequence[str], printed: Sequence[str], *, exactly: bool) -> list[str]:
    """Return what is shown but was not printed, in this order; "..." stands for anything.

    Spaces do not count, and unless `exactly` numbers do not either.
    """
    lines = iter([plain(line, exactly) for line in printed])
    return [line for line in shown if line != "..." and plain(line, exactly) not in lines]


def plain(line: str, exactly: bool) -> str:
    """Return a line without what does not count."""
    line = " ".join(line.split())
    return line if exactly else _NUMBER.sub("N", line)


def _without_grep(words: list[str]) -> tuple[list[str], str | None]:
    if "|" not in words:
        return words, None
    pipe = words.index("|")
    assert len(words) == pipe + 3
    assert words[pipe + 1] == "grep"
    return words[:pipe], words[pipe + 2]
