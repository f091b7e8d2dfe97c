"""Bring the files of the project that pages quote up to date: ``python -m tests.docs.quotes``."""

import re
from pathlib import Path

from tests.deploys import CHECKOUT
from tests.docs.pages import PAGES

QUOTE = re.compile(r"(`(tests/[^`\n]+)`:\n\n```\w+\n)(.*?)(^```$)", re.DOTALL | re.MULTILINE)


def quoted(text: str, root: Path) -> str:
    """Return a page's text with every quoted file as it is under `root`."""
    return QUOTE.sub(
        lambda found: found[1] + (root / found[2]).read_text(encoding="utf-8") + found[4], text
    )


if __name__ == "__main__":
    for page in PAGES:
        path = CHECKOUT / page
        path.write_text(quoted(path.read_text(encoding="utf-8"), CHECKOUT), encoding="utf-8")
