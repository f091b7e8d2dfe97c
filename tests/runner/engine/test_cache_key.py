"""A compiled loop is reused exactly as long as nothing that it was compiled from has changed."""

from pathlib import Path

import numba
import pytest

from runner.modes import compiled
from runner.modes.compiled import fingerprint


def test_the_key_is_stable() -> None:
    assert fingerprint() == fingerprint()
    assert len(fingerprint()) == 16


def changed_in(monkeypatch: pytest.MonkeyPatch, module: str) -> bool:
    """Tell whether an edit of a module's source changes the key."""
    before = fingerprint()
    edited_path = compiled.ROOT / (module.replace(".", "/") + ".py")
    assert edited_path.is_file()

    def edited(path: Path) -> bytes:
        return path.read_bytes() + (b"# edited" if path == edited_path else b"")

    monkeypatch.setattr(compiled, "source_of", edited)
    return fingerprint() != before


@pytest.mark.parametrize(
    "module", ["strategies.quoting", "connectors.model.book", "runner.engine.risk"]
)
def test_an_edit_of_a_kernel_changes_the_key(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    assert changed_in(monkeypatch, module)


@pytest.mark.parametrize(
    "module", ["strategies.reasons", "strategies.desk", "connectors.model.events"]
)
def test_an_edit_of_a_constant_that_kernels_were_compiled_with_changes_the_key(
    monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    assert changed_in(monkeypatch, module)


def test_another_numba_changes_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint()
    monkeypatch.setattr(numba, "__version__", "0.0.0")
    assert fingerprint() != before
