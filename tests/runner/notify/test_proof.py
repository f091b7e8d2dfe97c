"""Real money asks for addresses that have been tried, these and not long ago."""

from pathlib import Path

import pytest

from connectors.model.errors import ConfigError
from runner.notify.proof import DAY_NS, read_proof, require_proof, write_proof

URLS = ["json://127.0.0.1:1", "tgram://canary-token/1"]
NOW_NS = 1_800_000_000_000_000_000


def test_addresses_that_were_tried_are_enough_whatever_their_order(tmp_path: Path) -> None:
    write_proof(tmp_path / "tested.json", URLS, NOW_NS)
    require_proof(tmp_path / "tested.json", URLS[::-1], 30, NOW_NS + 29 * DAY_NS)


@pytest.mark.parametrize(
    ("urls", "days", "expected"),
    [
        (URLS[:1], 0, "others were tried"),
        (URLS, 31, "31.0 days ago"),
        (URLS, -1, "-1.0 days ago"),
    ],
)
def test_others_or_too_long_ago_are_refused(
    tmp_path: Path, urls: list[str], days: int, expected: str
) -> None:
    write_proof(tmp_path / "tested.json", URLS, NOW_NS)
    with pytest.raises(ConfigError, match=expected):
        require_proof(tmp_path / "tested.json", urls, 30, NOW_NS + days * DAY_NS)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"salt": 1}', "\0"])
def test_a_spoiled_proof_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tested.json"
    path.write_text(text)
    assert read_proof(path) is None
    with pytest.raises(ConfigError, match="none has been tried"):
        require_proof(path, URLS, 30, NOW_NS)


def test_nobody_reads_an_address_from_it(tmp_path: Path) -> None:
    path = tmp_path / "tested.json"
    write_proof(path, URLS, NOW_NS)
    assert "canary" not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0
