"""A deploy runs on the quicker loop where there is one, and spares its collector the start."""

import asyncio
import gc
import subprocess
import sys
from types import ModuleType

import pytest

from runner.modes.loop import SETTLED_S, loop_factory, run, spared
from tests import virtual
from tests.virtual import VirtualClock


async def loop_of() -> ModuleType | None:
    return sys.modules[type(asyncio.get_running_loop()).__module__]


@pytest.mark.skipif(loop_factory() is None, reason="uvloop exists for CPython on Unix alone")
def test_a_deploy_runs_on_uvloop_where_that_is_installed() -> None:
    import uvloop

    assert run(loop_of()) is uvloop


def test_it_runs_on_asyncios_own_loop_where_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)
    told = run(loop_of())
    assert told is not None
    assert told.__name__.startswith("asyncio.")


def test_what_the_start_has_made_is_spared_until_the_end() -> None:
    """In a process of its own: what is frozen is the whole process's."""
    code = "from tests.runner.modes.test_loop import look; look()"
    subprocess.run([sys.executable, "-c", code], check=True)


def look() -> None:
    async def main(clock: VirtualClock) -> None:
        with spared():
            first = gc.get_freeze_count()
            assert first > 1000
            late = [[] for _ in range(1000)]
            assert gc.get_freeze_count() == first
            await asyncio.sleep(SETTLED_S + 1)
            assert gc.get_freeze_count() >= first + len(late)
        assert gc.get_freeze_count() == 0

    virtual.run(main)
