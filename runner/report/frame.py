"""Frame a page with charts: one file that opens anywhere, whose scripts are its own alone."""

import base64
import hashlib
from html import escape
from importlib.resources import files
from string import Template

SCRIPTS = ("uplot.min.js", "chart.js")


def framed(title: str, body: str, script: str) -> str:
    """Return a page of a body's HTML, with the charts that a script of the assets draws in it."""
    scripts = [asset(name) for name in (*SCRIPTS, script)]
    return Template(asset("page.html")).substitute(
        title=escape(title),
        script_hashes=" ".join(map(_hash, scripts)),
        uplot_css=asset("uplot.min.css"),
        page_css=asset("page.css"),
        scripts="\n".join(f"<script>{text}</script>" for text in scripts),
        body=body,
    )


def asset(name: str) -> str:
    """Return the text of a file that pages are made of."""
    return files("runner.report").joinpath("assets", name).read_text(encoding="utf-8")


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
