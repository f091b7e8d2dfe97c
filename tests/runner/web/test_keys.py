"""The file of tokens: made once, for its owner alone, and refused where it is not safe."""

import json
import os
from pathlib import Path

import pytest

from connectors.model.errors import ConfigError
from runner.settings.web import is_loopback
from runner.web.keys import keys_at
from runner.web.roles import Role
from runner.web.terms import Terms


def test_keys_are_made_once_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "web" / "keys.json"
    first, second = keys_at(path), keys_at(path)
    assert first == second
    assert oct(os.stat(path).st_mode & 0o777) == "0o600"
    assert oct(os.stat(path.parent).st_mode & 0o777) == "0o700"
    assert [entry.name for entry in path.parent.iterdir()] == ["keys.json"]
    assert first.role_of(first.tokens[Role.READ]) is Role.READ
    assert first.role_of(first.tokens[Role.OPERATE]) is Role.OPERATE
    assert first.role_of("") is Role.ANYONE
    assert first.tokens[Role.READ] not in repr(first)


def test_keys_that_others_may_read_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keys_at(path)
    path.chmod(0o644)
    with pytest.raises(ConfigError, match="only their owner may read"):
        keys_at(path)


@pytest.mark.parametrize(
    "words",
    [
        {"read": "", "operate": "o" * 40, "sessions": "s" * 40},
        {"read": "o" * 40, "operate": "o" * 40, "sessions": "s" * 40},
        {"read": "r" * 31, "operate": "o" * 40, "sessions": "s" * 40},
        {"operate": "o" * 40, "sessions": "s" * 40},
        [],
    ],
)
def test_empty_short_and_equal_tokens_are_refused(tmp_path: Path, words: object) -> None:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(words))
    path.chmod(0o600)
    with pytest.raises(ConfigError, match="each different and at least"):
        keys_at(path)


def test_a_link_in_place_of_the_keys_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("{}")
    (tmp_path / "keys.json").symlink_to(tmp_path / "other")
    with pytest.raises(ConfigError, match="cannot be read"):
        keys_at(tmp_path / "keys.json")


def test_origins_are_the_views_own_and_no_other() -> None:
    plain = Terms("/home", "127.0.0.1", 8420, (), None, None, 60.0)
    assert plain.origins(8420) == {
        "http://127.0.0.1:8420",
        "http://localhost:8420",
        "http://[::1]:8420",
    }
    served = Terms("/home", "0.0.0.0", 443, ("quotes.example",), "c.pem", "k.pem", 60.0)
    assert "https://quotes.example" in served.origins(443)
    assert "https://quotes.example:443" in served.origins(443)
    assert not any("0.0.0.0" in origin for origin in served.origins(443))
    assert served.address(443) == "https://quotes.example:443"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "evil.test", ""])
def test_other_addresses_than_this_machines_are_not_loopback(host: str) -> None:
    assert not is_loopback(host)
    assert is_loopback("127.0.0.2")
    assert is_loopback("::1")
