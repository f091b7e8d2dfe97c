"""Where a view listens: on this machine, or with a certificate; and what is told if it cannot."""

import socket
from pathlib import Path

import pytest

from connectors.model.errors import ConfigError
from runner.modes import web
from runner.places import Places, RunDirectory
from runner.web.beside import web_beside
from runner.web.listen import link_of, listening
from runner.web.terms import Terms
from tests.deploys import settings_for


def terms(port: int = 0, **changed: str) -> Terms:
    words = {"certificate_file": None, "private_key_file": None, **changed}
    return Terms("/nowhere", "127.0.0.1", port, (), session_s=60.0, **words)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1"])
def test_listening_beyond_this_machine_without_a_certificate_is_refused(host: str) -> None:
    with pytest.raises(ConfigError, match="beyond this machine a login needs TLS"):
        settings_for("mode=web", f"web.host='{host}'")


def test_half_a_certificate_is_refused() -> None:
    with pytest.raises(ConfigError, match="expected both"):
        settings_for("mode=web", "web.certificate_file=a.pem")


def test_a_certificate_that_is_none_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_text("nothing")
    files = [f"web.{name}={tmp_path}/a.pem" for name in ("certificate_file", "private_key_file")]
    places = Places(tmp_path, tmp_path, RunDirectory(tmp_path / "run"))
    with pytest.raises(ConfigError, match="expected a certificate and its private key"):
        web.run(settings_for("mode=web", *files), places)
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.pem"]


def test_a_deploy_whose_views_port_is_taken_runs_without_one(tmp_path: Path) -> None:
    with listening(terms()) as taken:
        port = taken.getsockname()[1]
        with web_beside(terms(port), tmp_path) as line:
            assert "no web view beside this deploy" in line
            assert f"was {port}" in line
    assert list(tmp_path.iterdir()) == []


def test_a_link_keeps_its_word_out_of_what_is_sent() -> None:
    with listening(terms()) as listener:
        assert isinstance(listener, socket.socket)
        port = listener.getsockname()[1]
        address, _, word = link_of(terms(), port, "secret").partition("#")
    assert address == f"http://127.0.0.1:{port}/login"
    assert word == "secret"
