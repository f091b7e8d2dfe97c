"""The site has every page, and names none that is not there."""

from collections.abc import Iterator

import yaml

from tests.deploys import CHECKOUT


def pages(nav: object) -> Iterator[str]:
    """Yield every page of a site's contents."""
    if isinstance(nav, str):
        yield nav
    elif isinstance(nav, dict):
        for part in nav.values():
            yield from pages(part)
    elif isinstance(nav, list):
        for part in nav:
            yield from pages(part)


def test_each_page_stands_in_the_contents_once() -> None:
    nav = yaml.safe_load((CHECKOUT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    docs = CHECKOUT / "docs"
    there = sorted(path.relative_to(docs).as_posix() for path in docs.rglob("*.md"))
    assert sorted(pages(nav)) == there
