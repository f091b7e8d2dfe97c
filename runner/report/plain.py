"""Frame a page without scripts: text, tables and pictures that are in it, in the report's style."""

from html import escape
from importlib.resources import files


def plain_page(title: str, facts: str, body: str, style: str, *, pictures: bool = False) -> str:
    """Return a page. `facts`, `body` and `style` are HTML and CSS as they are; the title is text.

    `pictures` lets the page show images that lie in it; it never loads anything.
    """
    css = files("runner.report").joinpath("assets", "page.css").read_text(encoding="utf-8")
    allowed = "style-src 'unsafe-inline'" + ("; img-src data:" if pictures else "")
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; {allowed}">
<title>{escape(title)}</title>
<style>{css}{style}</style>
</head>
<body><main>
<header class="run"><h1>{escape(title)}</h1><p class="facts">{facts}</p></header>
{body}
</main></body>
</html>
"""
