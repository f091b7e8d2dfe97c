"""What is installed is pinned: every package by its version and by the hashes of its files."""

import re
from pathlib import Path

import pytest

from tests.deploys import CHECKOUT

LOCKS = sorted((CHECKOUT / "requirements").glob("*.lock"))
PINNED = re.compile(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==\S+( ;.*)?( --hash=sha256:[0-9a-f]{64})+")


def entries(text: str) -> list[str]:
    """Return what a lock asks for, a line each."""
    return [line for line in joined(text) if line and not line.startswith("#")]


def joined(text: str) -> list[str]:
    """Return lines with their continuations."""
    return re.sub(r"\s*\\\n\s*", " ", text).splitlines()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_every_package_has_its_version_and_hashes(lock: Path) -> None:
    asked = entries(lock.read_text())
    assert len(asked) > 1
    assert [line[:80] for line in asked if not PINNED.fullmatch(line)] == []


def test_the_installer_takes_nothing_without_a_hash() -> None:
    text = (CHECKOUT / "requirements" / "install.sh").read_text()
    installs = [line for line in joined(text) if "pip install" in line]
    assert len(installs) == 2
    assert all("--require-hashes" in line or "--no-index" in line for line in installs)
