"""No secret of a live deploy is in any file, answer, log, output or argument."""

import asyncio
import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

import pytest

from connectors.model.errors import ConfigError
from runner.control import client
from runner.engine.session import HALTED
from runner.wiring.keys import keys_of
from tests.deploys import CHECKOUT, settings_for
from tests.runner.canaries import command_lines, contents, leaks, spellings
from tests.runner.modes.test_kill import wait_for
from tests.runner.notify.letterbox import letterbox
from tests.runner.web.support import stage
from tests.runner.web.test_ways import PARTS
from tests.venues.okx.sandbox import KEYS, SANDBOX

NOTIFY, PULSE = "CANARY_URLS", "CANARY_PULSE"
TOKEN, PATH = "canary/of+notify=1f7c", "canary-of-the-pulse-93d0"
WRONG = "canary-that-opens-nothing-55e1"
WORDS = (
    "notify=apprise",
    f"notify.urls_env={NOTIFY}",
    "notify.least_level=info",
    f"notify.pulse_url_env={PULSE}",
    "notify.pulse_every_s=5",
    "watch=web",
    "web.port=0",
    "duration_s=200",
)
PATIENCE_S = 120


def test_a_secret_is_found_however_it_is_spelled() -> None:
    for before in ("", "u", "us", "user:"):
        packed = b64encode(f"{before}{TOKEN} and more".encode())
        assert leaks({"token": TOKEN}, {"a header": packed}) == ["token in a header"]
    for told in (TOKEN, TOKEN.encode().hex(), "canary%2Fof%2Bnotify%3D1f7c"):
        assert leaks({"token": TOKEN}, {"a log": f"..{told}..".encode()}) == ["token in a log"]
    assert leaks({"token": TOKEN}, {"a log": b"canary of notify"}) == []
    assert all(len(word) > 8 for word in spellings(PATH))


@pytest.mark.parametrize(
    "experiment", ["okx_sandbox", "bybit_sandbox", "binance_sandbox", "hyperliquid_sandbox"]
)
def test_a_key_shows_nothing_of_itself_and_no_setting_holds_it(
    experiment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(f"experiment={experiment}", *WORDS)
    venue = settings.markets["btc"].venue
    named = {k: v for k, v in venue.model_dump().items() if k.endswith("_env") and v is not None}
    secrets = {variable: f"canary-{key}-7d1e55" for key, variable in named.items()}
    for variable, secret in secrets.items():
        monkeypatch.setenv(variable, secret)
    keys = keys_of("btc", named)
    told = {"repr": repr(keys), "str": f"{keys}", "settings": repr(settings_for(*WORDS))}
    assert leaks(secrets, {place: text.encode() for place, text in told.items()}) == []
    monkeypatch.delenv(named["secret_env"])
    with pytest.raises(ConfigError) as refused:
        keys_of("btc", named)
    assert leaks(secrets, {"the refusal": str(refused.value).encode()}) == []


@dataclass
class Live:
    """An armed deploy at a stand-in, with all that it and those that ask it have said."""

    home: Path
    port: int
    environment: Mapping[str, str]
    told: dict[str, bytes] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def command(self, *words: str) -> list[str]:
        urls = SANDBOX.addresses(self.port)
        return [sys.executable, "-m", "runner", SANDBOX.experiment, *urls, *WORDS, *words]

    def ask(self, *words: str, **secrets: str) -> int:
        """Run another mode on the same deploy; return its exit code."""
        ended = subprocess.run(
            self.command("watch=none", "armed=false", *words),
            cwd=CHECKOUT,
            env={**self.environment, **secrets},
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )
        self.told[f"output of {' '.join(words)}"] = ended.stdout + ended.stderr
        return ended.returncode

    @contextmanager
    def running(self) -> Iterator["subprocess.Popen[bytes]"]:
        """Run the deploy until the block ends; its output is told."""
        out, err = self.home.parent / "stdout", self.home.parent / "stderr"
        with out.open("wb") as stdout, err.open("wb") as stderr:
            process = subprocess.Popen(
                self.command(), cwd=CHECKOUT, env=self.environment, stdout=stdout, stderr=stderr
            )
        try:
            wait_for(lambda: b"#" in out.read_bytes() or process.poll() is not None)
            assert process.poll() is None, err.read_text()
            yield process
        finally:
            process.kill()
            process.wait()
            self.told |= {"stdout": out.read_bytes(), "stderr": err.read_bytes()}

    @property
    def keys(self) -> Path:
        return self.home / "outputs" / "web" / "keys.json"

    def socket(self) -> Path:
        return self.home / "outputs" / "ledgers" / f"{SANDBOX.deploy}.socket"

    def is_quoting(self) -> bool:
        try:
            _, picture = asyncio.run(client.look(self.socket()))
        except client.Gone:
            return False
        return all(market.orders for market in picture.markets)

    def look_around(self, scratch: Path) -> None:
        """Ask the web view for everything that it lists, and for things that it refuses."""
        link = (self.home.parent / "stdout").read_bytes()
        found = re.search(rb"http://(127.0.0.1:\d+)", link)
        assert found is not None
        host = found[1].decode()
        wait_for(self.keys.exists)
        self.tokens = json.loads(self.keys.read_bytes())
        parts = {**PARTS, "{deploy}": SANDBOX.deploy}
        for way in stage(scratch).view.ways:
            path = way.path
            for part, word in parts.items():
                path = path.replace(part, word)
            if way.method == "GET":
                self._told(host, "GET", path, "read")
        asks = f"/api/deploys/{SANDBOX.deploy}/asks"
        for number, wish in enumerate(
            (
                {"what": "pause", "market": "btc"},
                {"what": "resume", "market": "btc"},
                {"what": "set", "market": "btc", "key": "venue.key_env", "value": "PATH"},
                {"what": "withdraw"},
            )
        ):
            body = {"identity": f"{number}", "confirmed": True, **wish}
            self._told(host, "POST", asks, "operate", json.dumps(body))
        self._told(host, "POST", "/login", "operate", json.dumps({"word": WRONG}))

    def _told(self, host: str, method: str, path: str, token: str, body: str = "") -> None:
        headers = {"authorization": f"Bearer {self.tokens[token]}"}
        if method == "POST":
            own = {"origin": f"http://{host}", "x-mmrunner": "1"}
            headers |= {**own, "content-type": "application/json"}
        with closing(HTTPConnection(host, timeout=PATIENCE_S)) as asked:
            asked.request(method, path, body or None, headers)
            answer = asked.getresponse()
            is_endless = answer.headers["content-type"].startswith("text/event-stream")
            content = answer.readline() + answer.readline() if is_endless else answer.read()
            head = str(answer.headers).encode()
        self.told[f"{method} {path} {len(self.told)}: {answer.status}"] = head + content


@pytest.mark.slow
def test_no_secret_of_a_live_deploy_is_found_anywhere(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with SANDBOX.venue(tmp_path / "truth.jsonl") as port, letterbox() as box:
        secrets = {
            **KEYS,
            NOTIFY: box.url.replace("http://", "json://me:canary%2Fof%2Bnotify%3D1f7c@"),
            PULSE: f"{box.url}/{PATH}",
        }
        live = Live(home, port, {**os.environ, **secrets, "MMRUNNER_HOME": str(home)})
        assert live.ask("mode=init") == 0
        with live.running() as process:
            wait_for(live.is_quoting)
            wait_for(lambda: bool(box.asked and box.letters))
            live.look_around(tmp_path / "scratch")
            live.told |= dict(command_lines(process.pid))
            assert live.ask("mode=steer") == 0
            assert live.ask("mode=steer", "ask='set btc strategy.gamma 0.3'") == 0
            assert live.ask("mode=health") in (0, 1)
            assert live.ask("mode=notify") == 0
            assert live.ask("mode=backup") == 0
            live.ask("mode=doctor", OKX_SANDBOX_PASSPHRASE=WRONG)
            assert live.ask("mode=kill") == 0
            assert process.wait(PATIENCE_S) == HALTED
        (run,) = (home / "outputs" / "runs").glob("*/report.html")
        assert live.ask("mode=report", f"report.runs=[{run.parent}]") == 0
        assert live.ask("mode=bundle") == 0
        live.told["letters"] = json.dumps(box.letters).encode()
    planted = {**secrets, "token": TOKEN, "path": PATH, "wrong": WRONG, **live.tokens}
    held = dict(contents(home))
    own = leaks(planted, {"keys": held.pop(str(live.keys))})
    assert own == [f"{name} in keys" for name in live.tokens]
    assert live.keys.stat().st_mode & 0o777 == 0o600
    assert [path for path in home.rglob("*") if path.stat().st_mode & 0o077] == []
    assert leaks(planted, {**held, **live.told}) == []
    assert len(live.told) > 30
