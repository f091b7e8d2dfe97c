"""Compile the kernels for replay: the same sources that run interpreted when live.

The first compilation of a machine and version takes seconds and is kept in a cache directory whose
name is a hash of every kernel's source and of numba's version, because numba itself does not
notice a change in a called module.
"""

import hashlib
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from connectors.model.errors import ConfigError
from connectors.model.kernel import bound, kernels
from runner.modes.tracks import teach_numba

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("connectors/model", "connectors/sim", "runner/engine", "runner/modes", "strategies")


def _read_sources() -> dict[Path, bytes]:
    paths = (path for package in PACKAGES for path in (ROOT / package).glob("**/*.py"))
    return {path: path.read_bytes() for path in sorted(paths)}


SOURCES = _read_sources()
"""Sources as this process began with: an edit while it runs must not name what it compiles."""


def fingerprint() -> str:
    """Return a hash of all source that a loop can be compiled from, and of numba's version.

    That is every file of the packages below, whether it holds kernels or only constants that they
    were compiled with, and every module elsewhere that brings a kernel.
    """
    import numba

    digest = hashlib.sha256(numba.__version__.encode())
    digest.update("\0".join(bound()).encode())
    for path in SOURCES:
        digest.update(source_of(path))
    for name in sorted({function.__module__ for function in kernels()}):
        if not name.startswith(tuple(package.replace("/", ".") for package in PACKAGES)):
            digest.update(inspect.getsource(sys.modules[name]).encode())
    return digest.hexdigest()[:16]


def source_of(path: Path) -> bytes:
    """Return a source file's bytes."""
    return SOURCES[path]


_BINDINGS: set[tuple[str, ...]] = set()


def _require_same_binding() -> None:
    """Raise ConfigError when kernels were bound otherwise before: numba keeps what it compiled."""
    _BINDINGS.add(bound())
    if len(_BINDINGS) > 1:
        raise ConfigError(
            "strategy: expected the same strategies of packages in every job of one exact sweep,"
            " was another set; run them one by one, or with replay.tier=parity"
        )


def compile_loop(loop: Callable[..., Any], cache_dir: Path | None) -> Callable[..., Any]:
    """Return `loop` compiled, with every kernel that it calls linked into it.

    Only this outer function is a dispatcher. It releases the GIL, so markets can replay in threads.
    """
    import numba
    from numba.extending import register_jitable

    from runner.modes.linking import KernelCompiler, LoopCompiler

    if cache_dir is not None:
        _require_same_binding()
        target = cache_dir / fingerprint()
        target.mkdir(parents=True, exist_ok=True)
        numba.config.CACHE_DIR = str(target)  # type: ignore[attr-defined]
    teach_numba()
    for function in kernels():
        if function is not loop:
            register_jitable(pipeline_class=KernelCompiler, no_cfunc_wrapper=True)(function)
    compiled: Callable[..., Any] = numba.njit(
        cache=cache_dir is not None, nogil=True, pipeline_class=LoopCompiler
    )(loop)
    return compiled


def record_at(records: Any, k: int) -> Any:
    """Return one record of an array, by reference."""
    import numpy as np

    return records[k : k + 1].view(np.recarray)[0]


def cell(record: Any) -> Any:
    """Return the one-element array that a record lies in.

    A compiled function takes an array in less than a microsecond; to take a record as large as ours
    it needs five, each time.
    """
    import numpy as np

    base = record.base
    return base.view(np.dtype((np.void, base.dtype)), np.ndarray)


def direct(compiled: Any) -> Callable[..., Any]:
    """Return the machine code behind a compiled loop that has been called once.

    It skips numba's look at the arguments, which takes 25 us for records as large as ours; so every
    call must pass the same types as the first.
    """
    entry: Callable[..., Any] = compiled.get_overload(compiled.signatures[0])
    return entry
