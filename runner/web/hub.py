"""Follow every deploy on this machine, through its control socket: one connection each."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Protocol

from runner.control import client
from runner.control.address import socket_of
from runner.control.client import Gone
from runner.control.words import Answer, Command, Picture, Welcome
from runner.engine.latch import Latch
from runner.engine.lock import owner_of
from runner.web.deploy import STALE_S, Deploy, Past, Status

LOOK_S = 1.0
"""Time between two looks for deploys, and between two tries to reach one."""


class Line(Protocol):
    """How deploys are reached."""

    def deploys(self, ledgers: Path) -> list[str]:
        """Return the deploys that listen, by name."""

    def watch(self, path: Path) -> AsyncIterator[Welcome | Picture]:
        """Yield the welcome and every picture; raise Gone once no more can come."""

    async def command(self, path: Path, asked: Command) -> Answer:
        """Return a deploy's answer; raise Gone where none comes."""


class Sockets:
    """Deploys as they are: behind their sockets."""

    def deploys(self, ledgers: Path) -> list[str]:
        """Return the deploys that have a socket, by name."""
        return client.deploys(ledgers)

    def watch(self, path: Path) -> AsyncIterator[Welcome | Picture]:
        """Yield the welcome and every picture; raise Gone once no more can come."""
        return client.watch(path)

    async def command(self, path: Path, asked: Command) -> Answer:
        """Return a deploy's answer; raise Gone where none comes."""
        return await client.command(path, asked)


class Hub:
    """Every deploy that is there or has been seen."""

    def __init__(self, ledgers: Path, line: Line, recall: Callable[[Welcome], Past]) -> None:
        """`recall` returns what a deploy has left on the disk of the time before we looked."""
        self.ledgers = ledgers
        self.line = line
        self.deploys: dict[str, Deploy] = {}
        self._recall = recall
        self._tasks: dict[str, asyncio.Task[None]] = {}

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Follow them while the context is open."""
        looking = asyncio.create_task(self._look())
        try:
            yield
        finally:
            for task in (looking, *self._tasks.values()):
                task.cancel()
            await asyncio.gather(looking, *self._tasks.values(), return_exceptions=True)

    def path(self, deploy: str) -> Path:
        """Return a deploy's socket."""
        return socket_of(self.ledgers, deploy)

    def latch(self, deploy: str) -> Latch:
        """Return a deploy's kill latch."""
        return Latch(self.ledgers / f"{deploy}.kill", deploy)

    async def _look(self) -> None:
        while True:
            for name in self._names():
                if name not in self.deploys:
                    self.deploys[name] = Deploy(name)
                    self._tasks[name] = asyncio.create_task(self._follow(self.deploys[name]))
            await asyncio.sleep(LOOK_S)

    def _names(self) -> Iterable[str]:
        """Return who listens, and whoever has books or was killed."""
        kept = {path.stem for path in self.ledgers.glob("*.sqlite")}
        killed = {path.stem for path in self.ledgers.glob("*.kill")}
        plain = {name for name in kept | killed if "." not in name}
        return sorted(plain | set(self.line.deploys(self.ledgers)))

    async def _follow(self, deploy: Deploy) -> None:
        """Watch a deploy, again and again, whatever becomes of it."""
        path = self.path(deploy.name)
        while True:
            deploy.say(*self._absence(deploy.name, ""))
            if path.exists():
                try:
                    await self._watch(deploy, path)
                except Gone as gone:
                    deploy.say(*self._absence(deploy.name, str(gone)))
            await asyncio.sleep(LOOK_S)

    async def _watch(self, deploy: Deploy, path: Path) -> None:
        async with aclosing(_in_order(self.line.watch(path))) as told:
            while True:
                try:
                    async with asyncio.timeout(STALE_S):
                        word = await anext(told)
                except TimeoutError:
                    deploy.say("stale", f"no picture for {STALE_S:g} s: its process is blocked")
                    return
                except StopAsyncIteration:
                    return
                if isinstance(word, Welcome):
                    was = deploy.welcome
                    deploy.greet(word)
                    if was is None or was.started_ns != word.started_ns:
                        deploy.remember(await asyncio.to_thread(self._recall, word))
                else:
                    deploy.see(word)

    def _absence(self, name: str, note: str) -> tuple[Status, str]:
        """Return how a deploy is that does not speak."""
        latch, owner = self.latch(name), owner_of(self.ledgers / f"{name}.lock")
        if owner is not None:
            return "stale", note or f"process {owner} runs it and tells nothing"
        if latch.is_set():
            return "killed", f"killed {latch.words()}"
        return "gone", note or "no process runs it"


async def _in_order(
    told: AsyncIterator[Welcome | Picture],
) -> AsyncGenerator[Welcome | Picture, None]:
    """Yield what is told; a generator, so that it can be closed in its place."""
    async for word in told:
        yield word
