"""Find the recorded markets that some tests use; they are not part of the project."""

import os
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("MMRUNNER_DATA", CHECKOUT.parent / "shared" / "data"))


def recorded(name: str) -> Path:
    """Return a recording's folder, or skip the test with a message where it is absent."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"needs the recorded market {name} under {DATA} (set MMRUNNER_DATA)")
    return path
