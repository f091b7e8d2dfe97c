"""Steer a running deploy: send it one command and print its answer.

`ask` is the command as one would say it: ``pause btc``, ``resume all``, ``flatten eth``,
``set btc strategy.gamma 0.3``, ``kill all why``. Without one, say how every market is.
"""

import asyncio
import os
import pwd
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from connectors.model.errors import ConfigError
from runner.control import client, words
from runner.control.address import socket_of
from runner.engine.session import NOT_CONFIRMED
from runner.places import Places
from runner.report.exact import plain
from runner.settings import Settings

REFUSED = 3
FORMS = "pause | resume | pull | flatten MARKET or all; set MARKET or all KEY VALUE; kill all WHY"


def run(settings: Settings, places: Places) -> int:
    """Ask; return 0 where it was carried out, 3 where it was refused or nobody answers."""
    path = socket_of(places.ledgers, settings.deploy)
    try:
        return asyncio.run(_ask(path, settings.ask))
    except client.Gone as gone:
        print(f"{gone}", flush=True)
        return NOT_CONFIRMED


async def _ask(path: Path, text: str | None) -> int:
    if text is None:
        _, picture = await client.look(path)
        print("\n".join(lines(picture)), flush=True)
        return 0
    answer = await client.command(path, command_of(text, client.new_identity(), _user()))
    print(answer.line if answer.done else f"refused: {answer.line}", flush=True)
    return 0 if answer.done else REFUSED


def command_of(text: str, identity: str, who: str) -> words.Command:
    """Return the command that a line means; raise ConfigError for a line that is none."""
    what, *rest = text.split()
    if what not in get_args(words.What) or not rest:
        raise ConfigError(f"ask: expected {FORMS}; was '{text}'")
    market, *rest = rest
    if what == "set":
        if len(rest) != 2:
            raise ConfigError(f"ask: expected set MARKET KEY VALUE, was '{text}'")
        key, value = rest
        return words.Command(identity, "set", who, words.OPERATE, market, key, value)
    if rest and what != "kill":
        raise ConfigError(f"ask: expected {what} and one market or all, was '{text}'")
    reason = " ".join(rest)
    return words.Command(identity, what, who, words.OPERATE, market, reason=reason)  # type: ignore[arg-type]


def lines(picture: words.Picture) -> Iterator[str]:
    """Yield one line of the deploy's health, and one a market."""
    health = picture.health
    yield "green" if health.ok else f"red: {'; '.join(health.findings)}"
    for market in picture.markets:
        net = "unknown" if market.net_quote is None else plain(market.net_quote)
        why = f" ({'; '.join(market.why)})" if market.why else ""
        yield (
            f"{market.name}: {market.state}{why}; position {plain(market.position_base)}"
            f" {market.base}, net {net} {market.quote}, {market.fills} fills,"
            f" {len(market.orders)} orders"
        )


def _user() -> str:
    """Return the name of whoever runs this, in the letters that a command takes."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = str(os.getuid())
    return re.sub(r"[^A-Za-z0-9_.@-]", "_", name)[:64] or "unknown"
