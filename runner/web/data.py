"""Answer what pages ask for once: the past of a market, books, logs, runs."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from starlette.responses import FileResponse, Response

from runner.control.words import Fill
from runner.engine.clock import Clock
from runner.web import books, logs, runs
from runner.web.deploy import Deploy
from runner.web.hub import Hub
from runner.web.pages import name_of
from runner.web.roles import Role
from runner.web.steps import Steps, last_run, steps_of
from runner.web.streams import known
from runner.web.told import moment_told
from runner.web.ways import Ask, Refused, Way

_encode = msgspec.json.Encoder(decimal_format="string").encode
MOST_PAGES = 10_000


class Data:
    """What lies in memory and on the disk."""

    def __init__(self, hub: Hub, run_directories: Path, clock: Clock) -> None:
        self._hub = hub
        self._runs = run_directories
        self._clock = clock
        self._steps: dict[str, Mapping[str, Steps]] = {}

    def ways(self) -> list[Way]:
        """Return what can be asked of it."""
        ways: list[tuple[str, Callable[[Ask], Any]]] = [
            ("/api/deploys/{deploy}", self._head),
            ("/api/deploys/{deploy}/news", self._news),
            ("/api/deploys/{deploy}/markets/{market}/past", self._past),
            ("/api/deploys/{deploy}/markets/{market}/why", self._why),
            ("/api/deploys/{deploy}/ledger/{table}", self._ledger),
            ("/api/deploys/{deploy}/log", self._log),
            ("/api/runs", self._listed),
            ("/runs/{words:path}", self._file),
        ]
        return [Way("GET", path, Role.READ, endpoint) for path, endpoint in ways]

    async def _head(self, ask: Ask) -> Response:
        return _json(known(self._hub, ask).head() | {"now_ns": self._clock.now_ns()})

    async def _news(self, ask: Ask) -> Response:
        """Tell fills and warnings after those that a page has."""
        deploy = known(self._hub, ask)
        fill, warning = _whole(ask, "fill"), _whole(ask, "warning")
        market = ask.given("market")
        fills = [f for f in deploy.fills if f.number > fill and market in ("", f.market)]
        warnings = [w for w in deploy.warnings if w.number > warning]
        return _json({"fills": fills, "warnings": warnings})

    async def _past(self, ask: Ask) -> Response:
        deploy, market = known(self._hub, ask), name_of(ask, "market")
        kept = deploy.moments.get(market)
        return _json(
            {
                "columns": kept.columns() if kept else {},
                "changes": list(kept.changes) if kept else [],
                "fills": [f for f in _all_fills(deploy) if f.market == market],
                "sentences": deploy.welcome.sentences if deploy.welcome else {},
                "last_fill": deploy.fills[-1].number if deploy.fills else 0,
            }
        )

    async def _why(self, ask: Ask) -> Response:
        """Tell what held of a market at a moment, in sentences."""
        deploy, market = known(self._hub, ask), name_of(ask, "market")
        kept = deploy.moments.get(market)
        found = kept.at(_seconds(ask)) if kept else None
        if found is None:
            raise Refused(404, "expected a moment that was seen, was an earlier one")
        sentences = deploy.welcome.sentences if deploy.welcome else {}
        return _json(moment_told(*found, sentences))

    async def _ledger(self, ask: Ask) -> Response:
        deploy, number = known(self._hub, ask), _whole(ask, "page")
        if number > MOST_PAGES:
            raise Refused(400, f"expected a page up to {MOST_PAGES}, was {number}")
        ledger = self._hub.ledgers / f"{deploy.name}.sqlite"
        table, market = ask.word("table"), ask.given("market")
        page = await asyncio.to_thread(books.page_of, ledger, table, market, number)
        return _json(page | {"steps": await asyncio.to_thread(self._steps_of, deploy)})

    def _steps_of(self, deploy: Deploy) -> Mapping[str, Steps]:
        """Return the steps of a deploy's markets, which no run of it changes."""
        if deploy.name not in self._steps:
            run = Path(deploy.welcome.run) if deploy.welcome else last_run(self._runs, deploy.name)
            found = steps_of(run) if run is not None else {}
            if not found:
                return {}
            self._steps[deploy.name] = found
        return self._steps[deploy.name]

    async def _log(self, ask: Ask) -> Response:
        deploy = known(self._hub, ask)
        if deploy.welcome is not None:
            run: Path | None = Path(deploy.welcome.run)
        else:
            run = await asyncio.to_thread(last_run, self._runs, deploy.name)
        lines = [] if run is None else await asyncio.to_thread(logs.tail, run / "run.log")
        return _json({"run": "" if run is None else run.name, "lines": lines})

    async def _listed(self, ask: Ask) -> Response:
        return _json(await asyncio.to_thread(runs.listed, self._runs))

    async def _file(self, ask: Ask) -> Response:
        path, kind = await asyncio.to_thread(runs.file_of, self._runs, ask.word("words"))
        headers = {"content-security-policy": runs.SANDBOX}
        return FileResponse(path, media_type=kind, headers=headers)


def _all_fills(deploy: Deploy) -> list[Fill]:
    return [*deploy.past_fills, *deploy.fills]


def _whole(ask: Ask, name: str) -> int:
    word = ask.given(name, "0")
    if not word.isascii() or not word.isdecimal() or len(word) > 15:
        raise Refused(400, f"{name}: expected a whole number")
    return int(word)


def _seconds(ask: Ask) -> float:
    try:
        stamp_s = float(ask.given("at_s"))
    except ValueError:
        raise Refused(400, "at_s: expected seconds since 1970") from None
    if not 0 <= stamp_s < 1e11:
        raise Refused(400, "at_s: expected seconds since 1970")
    return stamp_s


def _json(what: Any) -> Response:
    return Response(_encode(what), media_type="application/json")
