"""Take the project's pages apart: fenced blocks, inline code, links and headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.deploys import CHECKOUT

PAGES = tuple(
    sorted(
        path.relative_to(CHECKOUT).as_posix()
        for path in (*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/**/*.md"))
    )
)
"""Every page, relative to the checkout."""

_FENCE = re.compile(r"```(\w*)")
_CAPTION = re.compile(r"`([^`]+\.\w+)`:$")
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. `file` is what the line before it names, as in "`conf/a.yaml`:"."""

    page: str
    line: int
    language: str
    text: str
    file: str | None

    @property
    def place(self) -> str:
        """Where the block begins."""
        return f"{self.page}:{self.line}"


def read(page: str) -> str:
    """Return the text of a page."""
    return (CHECKOUT / page).read_text(encoding="utf-8")


def blocks(page: str) -> Iterator[Block]:
    """Yield the fenced blocks of a page in their order."""
    inside: list[str] | None = None
    language, start, before = "", 0, ""
    for number, line in enumerate(read(page).splitlines(), start=1):
        fence = _FENCE.fullmatch(line.strip())
        if inside is None and fence is None:
            before = line.strip() or before
        elif inside is None and fence is not None:
            inside, language, start = [], fence[1], number
        elif line.strip() == "```" and inside is not None:
            caption = _CAPTION.search(before)
            text = "\n".join(inside) + "\n"
            yield Block(page, start, language, text, caption[1] if caption else None)
            inside, before = None, ""
        elif inside is not None:
            inside.append(line)


def prose(page: str) -> str:
    """Return a page without its fenced blocks, line numbers kept."""
    kept, inside = [], False
    for line in read(page).splitlines():
        fence = line.strip().startswith("```")
        kept.append("" if fence or inside else line)
        inside = inside != fence
    return "\n".join(kept)


def inline_code(page: str) -> set[str]:
    """Return every piece of inline code."""
    return set(_CODE.findall(prose(page)))


def links(page: str) -> set[str]:
    """Return the target of every link."""
    return set(_LINK.findall(_CODE.sub("", prose(page))))


def anchors(page: str) -> set[str]:
    """Return the anchors that the headings of a page have when it is shown."""
    headings = (line.lstrip("#") for line in prose(page).splitlines() if line.startswith("#"))
    return {re.sub(r"[^\w\- ]", "", h.strip().lower()).replace(" ", "-") for h in headings}
