"""A person, a browser and a paper deploy: log in, look, pause, set, kill, lift the latch.

Pictures of every page, light, dark and narrow, go to outputs/browser/.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.deploys import CHECKOUT

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
)
SHOTS = CHECKOUT / "outputs" / "browser"
PAGES = {
    "overview": "/",
    "deploy": "/deploys/alpha",
    "market": "/deploys/alpha/markets/btc",
    "portfolio": "/deploys/alpha/portfolio",
    "ledger": "/deploys/alpha/ledger",
    "schedule": "/deploys/alpha/schedule",
    "log": "/deploys/alpha/log",
    "runs": "/runs",
}
LOOKS = {"light": (1400, "light"), "dark": (1400, "dark"), "narrow": (360, "light")}
WAIT_MS = 20_000
DEPLOY = ("watch=web", "web.port=0", "deploy=alpha", "duration_s=300")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"needs {CHROMIUM}"),
]


@contextmanager
def deploy(home: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a paper deploy with its view; yield it and the link that was printed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "runner", *DEPLOY],
        cwd=CHECKOUT,
        env={**os.environ, "MMRUNNER_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found is not None
        yield process, found[0]
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield opened
        opened.close()


def opened(browser: Any, link: str, look: str = "light", state: Any = None) -> Any:
    """Return a page whose scripts must not fail and which asks nobody else for anything."""
    width, scheme = LOOKS[look]
    context = browser.new_context(
        viewport={"width": width, "height": 860}, color_scheme=scheme, storage_state=state
    )
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    page.faults = faults = []
    own = link.split("/login", maxsplit=1)[0]
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on(
        "request", lambda asked: None if asked.url.startswith(own) else faults.append(asked.url)
    )
    return page


def ask(page: Any, what: str, fill: str = "a test") -> str:
    """Press a button, confirm, and return what was answered."""
    page.locator(f"[data-ask={what}]:visible").first.click()
    page.fill("dialog #reason", fill)
    page.click(f"dialog [data-confirm={what}]")
    answered = page.wait_for_selector(".outcome:not([hidden])")
    return str(answered.text_content())


def test_a_person_looks_and_steers(browser: Any, tmp_path: Path) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    with deploy(tmp_path) as (process, link):
        own = link.split("/login")[0]
        page = opened(browser, link)
        page.goto(link)
        page.wait_for_selector("text=quoting")
        assert page.url == f"{own}/"
        state = page.context.storage_state()
        shoot(browser, link, state)

        # Two clicks from the first page to why a side is as it is.
        page.click("table a:has-text('btc')")
        page.wait_for_selector("#why li")
        page.wait_for_selector(".uplot")

        assert "btc" in ask(page, "pause")
        page.wait_for_selector(".pill:has-text('paused')")
        page.screenshot(path=SHOTS / "paused.png", full_page=True)
        assert "btc" in ask(page, "resume")
        page.wait_for_selector(".pill:has-text('quoting')")

        page.select_option("#key", "strategy.gamma")
        page.fill("#value", "0.3")
        page.click("form.setting button")
        page.screenshot(path=SHOTS / "set.png")
        page.click("dialog [data-confirm=set]")
        page.wait_for_selector("dl.pairs div:has-text('strategy.gamma') dd:has-text('0.3')")

        page.wait_for_selector(".tall tbody tr", state="attached")
        page.wait_for_timeout(1500)
        keys = page.eval_on_selector_all(".tall tbody tr", "rows => rows.map(r => r.dataset.key)")
        assert len(keys) == len(set(keys)) > 0

        page.goto(f"{own}/deploys/alpha")
        assert "killed" in ask(page, "kill", "<b>enough</b>")
        assert process.wait(60) == 4
        assert page.faults == []
    with view(tmp_path) as link:
        own = link.split("/login")[0]
        page = opened(browser, link)
        page.goto(link)
        page.wait_for_selector(".pill:has-text('killed')")
        assert "<b>enough</b>" in page.content().replace("&lt;", "<").replace("&gt;", ">")
        assert page.locator("b:has-text('enough')").count() == 0
        page.screenshot(path=SHOTS / "killed.png")
        page.goto(f"{own}/deploys/alpha")
        assert "may start again" in ask(page, "unlatch")
        page.wait_for_selector(".banner:has-text('does not run')")
        page.screenshot(path=SHOTS / "gone.png")
        assert page.faults == []
    assert not (tmp_path / "outputs" / "ledgers" / "alpha.kill").exists()


@contextmanager
def view(home: Path) -> Iterator[str]:
    """Run a view alone; yield its link."""
    process = subprocess.Popen(
        [sys.executable, "-m", "runner", "mode=web", "web.port=0"],
        cwd=CHECKOUT,
        env={**os.environ, "MMRUNNER_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found is not None
        yield found[0]
    finally:
        process.terminate()
        assert process.wait(30) == 0
        process.stdout.close()


def shoot(browser: Any, link: str, state: Any) -> None:
    """Take a picture of every page in every look; none may be wider than its window."""
    own = link.split("/login", maxsplit=1)[0]
    for look, (width, _) in LOOKS.items():
        page = opened(browser, link, look, state)
        for name, path in PAGES.items():
            page.goto(own + path)
            page.wait_for_timeout(700)
            page.screenshot(path=SHOTS / f"{name}_{look}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, look)
        assert page.faults == []
        page.context.close()


def test_a_token_that_is_wrong_is_told_so(browser: Any, tmp_path: Path) -> None:
    with view(tmp_path) as link:
        page = opened(browser, link)
        page.goto(link.split("/login")[0])
        page.fill("#token", "wrong")
        page.click("button[type=submit]")
        page.wait_for_selector("[role=alert]:visible")
        page.screenshot(path=SHOTS / "login.png")
        page.context.close()
