"""Say what each key asks a deploy for, and in which words a person confirms it."""

from collections.abc import Iterable
from dataclasses import dataclass

from runner.control.words import ALL, Command, Market, Steerable, What
from runner.report.figures import NONE


@dataclass(frozen=True, slots=True)
class Wish:
    """Something that a key asks for. `needs` is what has to be typed for it: nothing, or what."""

    what: What
    tells: str
    needs: str = ""
    confirms: bool = True


PAUSE = Wish("pause", "stop quoting, keep what is held", confirms=False)
RESUME = Wish("resume", "quote again")
PULL = Wish("pull", "cancel what rests now, and stay paused", confirms=False)
FLATTEN = Wish("flatten", "close the position with orders that take")
KILL = Wish("kill", "cancel everything, end the deploy and keep it stopped", needs="why")
SET = Wish("set", "change a parameter from the next decision on", needs="strategy.gamma=0.3")
KEYS = {"p": PAUSE, "r": RESUME, "u": PULL, "f": FLATTEN}
"""Small letters ask for the market that is chosen, capital ones for all."""


def question(wish: Wish, market: str) -> str:
    """Return what a person is asked before a wish is sent."""
    whom = "every market" if market == ALL else market
    return f"{wish.what} {whom}: {wish.tells}?"


def command(wish: Wish, market: str, typed: str, identity: str, who: str) -> Command:
    """Return the words of a wish; raise ValueError, with a line, for what cannot be meant."""
    key, value, reason = "", "", ""
    if wish is SET:
        key, equals, value = (part.strip() for part in typed.partition("="))
        if not (key and equals and value):
            raise ValueError(f"set: expected KEY=VALUE such as {SET.needs}, was {typed!r}")
    elif wish is KILL:
        market, reason = ALL, typed.strip()
        if not reason:
            raise ValueError("kill: expected a line that says why, was nothing")
    return Command(identity, wish.what, who, "operate", market, key, value, reason)


def steerable(market: Market, known: Iterable[Steerable]) -> str:
    """Return what may be set: what it is now, and what it takes."""
    return "\n".join(
        f"{one.key} = {market.parameters.get(one.key, NONE)}   {one.expected}" for one in known
    )
