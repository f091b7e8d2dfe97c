"""Send the pages: one frame, and a script that fills it. No text of a venue is ever in the HTML."""

import re
from collections.abc import Iterator
from html import escape
from importlib.resources import files
from string import Template

from starlette.responses import HTMLResponse, Response

from runner.web.roles import Role
from runner.web.ways import Ask, Refused, Way

NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What deploys and markets are called."""

PAGES = {
    "/": "overview",
    "/runs": "runs",
    "/deploys/{deploy}": "deploy",
    "/deploys/{deploy}/markets/{market}": "market",
    "/deploys/{deploy}/portfolio": "portfolio",
    "/deploys/{deploy}/ledger": "ledger",
    "/deploys/{deploy}/schedule": "schedule",
    "/deploys/{deploy}/log": "log",
}
TITLES = {"overview": "Deploys", "runs": "Runs"}

OF_REPORTS = ("uplot.min.js", "uplot.min.css", "uplot.LICENSE", "chart.js", "page.css")
"""What the pages share with a run's report, so that both look alike."""
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".LICENSE": "text/plain; charset=utf-8",
}


class Pages:
    """The pages and what they are made of, read once."""

    def __init__(self) -> None:
        own = files("runner.web").joinpath("assets")
        shared = files("runner.report").joinpath("assets")
        self._frame = Template(own.joinpath("frame.html").read_text("utf-8"))
        names = [e.name for e in own.iterdir() if e.is_file() and not e.name.endswith(".html")]
        self._assets = {name: own.joinpath(name).read_bytes() for name in names}
        self._assets |= {
            f"report-{name}": shared.joinpath(name).read_bytes() for name in OF_REPORTS
        }

    def ways(self) -> Iterator[Way]:
        """Yield what can be asked of it."""
        yield Way("GET", "/login", Role.ANYONE, self._login)
        yield Way("GET", "/assets/{name}", Role.ANYONE, self._asset)
        for path in PAGES:
            yield Way("GET", path, Role.READ, self._page)

    def locked(self) -> Response:
        """Return the page that a visitor sees who has not logged in."""
        return HTMLResponse(self._framed("login", "Log in", "", ""), 401)

    async def _login(self, ask: Ask) -> Response:
        return HTMLResponse(self._framed("login", "Log in", "", ""))

    async def _page(self, ask: Ask) -> Response:
        kind = PAGES[ask.request.scope["route"].path]
        deploy, market = (name_of(ask, key) for key in ("deploy", "market"))
        title = TITLES.get(kind) or " \u00b7 ".join(filter(None, (market, deploy)))
        return HTMLResponse(self._framed(kind, title, deploy, market))

    async def _asset(self, ask: Ask) -> Response:
        name = ask.word("name")
        if name not in self._assets:
            raise Refused(404, "expected a file of the pages")
        kind = TYPES[name[name.rindex(".") :]]
        return Response(self._assets[name], media_type=kind, headers={"cache-control": "no-cache"})

    def _framed(self, kind: str, title: str, deploy: str, market: str) -> str:
        return self._frame.substitute(
            kind=kind, title=escape(title), deploy=escape(deploy), market=escape(market)
        )


def name_of(ask: Ask, key: str) -> str:
    """Return a name in the path, empty where the path has none; raise Refused for a strange one."""
    name = ask.request.path_params.get(key, "")
    if name and not NAME.fullmatch(name):
        raise Refused(404, f"expected a {key} of letters, digits, _ and -")
    return str(name)
