"""Download: bring the files of a public archive for every market and day, as tapes."""

import asyncio
from datetime import date
from pathlib import Path

from connectors.download import fetch, new_session
from connectors.model.errors import ConfigError
from runner.places import Places
from runner.settings import Settings
from runner.wiring.archives import days_of, wanted
from runner.wiring.markets import enabled_markets


def run(settings: Settings, places: Places) -> int:
    """Fetch what is not there yet, a file after the other; return 0 once all is there.

    Raises DataError at the first file that cannot be had; those before stay.
    """
    chosen = settings.download
    if chosen.first_day is None or chosen.last_day is None:
        raise ConfigError(
            "download: expected download.first_day and download.last_day, both included, such as"
            " 2024-01-31; was one of them null"
        )
    first, last = date.fromisoformat(chosen.first_day), date.fromisoformat(chosen.last_day)
    folder = places.made(places.tapes / chosen.name)
    asyncio.run(_fetch_all(settings, folder, first, last))
    print(f"use them: mmrunner mode=replay tape={chosen.name} tape.path={folder}", flush=True)
    return 0


async def _fetch_all(settings: Settings, folder: Path, first: date, last: date) -> None:
    symbols = [market.instrument.symbol for market in enabled_markets(settings).values()]
    async with new_session() as session:
        for symbol in symbols:
            for day in days_of(first, last):
                for file in wanted(settings.download, symbol, day):
                    is_new = await fetch(session, file, folder, asyncio.sleep)
                    print(f"{file.name}: {'fetched' if is_new else 'was there'}", flush=True)
