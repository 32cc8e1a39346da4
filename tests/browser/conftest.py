"""One running AIMA and one browser for all browser tests; what needs neither package nor Chromium skips."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.screen import CHROMIUM, Running, Screen, installed_chromium, log_in, wait_for
from tests.conftest import PROJECT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where Chromium is; skips where there is none."""
    pytest.importorskip("playwright.sync_api", reason="the playwright package is not installed")
    path = installed_chromium()
    if path is None:
        pytest.skip("no Chromium on this machine: the chat was not driven in a browser")
    return path


@pytest.fixture(scope="module")
def chromium(chromium_path: str) -> Iterator[Browser]:
    """A headless Chromium, for one file: while its driver lives, no asynchronous test can run in this process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path, headless=True, args=list(CHROMIUM))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def aima(chromium_path: str) -> Iterator[Running]:
    """Everything, started as `make chat` does, with scored demo data; only where a browser can look at it."""
    assert chromium_path
    home = Path(tempfile.mkdtemp(prefix="aima-"))
    home.chmod(0o711)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = Running(home, f"http://127.0.0.1:{port}", home / "up.log")
    command = [sys.executable, "-m", "cli.main", "up", "--demo", "--home", str(home), "--port", str(port)]
    with running.log.open("wb") as log:
        process = subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=log)
    try:
        wait_for("the start", lambda: process.poll() is not None or running.answers())
        wait_for("scoring", lambda: process.poll() is not None or b"Scores: scored" in running.log.read_bytes())
        assert process.poll() is None, running.log.read_text()
        yield running
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def signed_in(chromium: Browser, aima: Running) -> Iterator[BrowserContext]:
    """A browser signed in to the demo shop; its later pages take the programs of the first from memory."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(aima.address)
    log_in(page, *aima.login())
    page.locator("#command-button").wait_for()
    page.close()
    yield context
    context.close()


@pytest.fixture
def open_screen(signed_in: BrowserContext, chromium: Browser, aima: Running) -> Iterator[Callable[..., Screen]]:
    """A function that opens a page of a width, signed in to the demo shop."""
    opened: list[Page | BrowserContext] = []

    def screen_of(width: int = 1280, *, sign_in: bool = True) -> Screen:
        context = signed_in if sign_in else chromium.new_context()
        page = context.new_page()
        opened.append(page if sign_in else context)
        page.set_viewport_size({"width": width, "height": 1000})
        screen = Screen(page, [], [])
        own = (aima.address, aima.address.replace("http", "ws"), "data:", "blob:")
        page.on("request", lambda r: None if r.url.startswith(own) else screen.outside.append(r.url))
        page.on("pageerror", lambda error: screen.errors.append(str(error)))
        complaints = ("error", "warning")
        page.on("console", lambda said: screen.console.append(said.text) if said.type in complaints else None)
        page.goto(aima.address)
        # Commands come when the page is connected.
        page.locator("#command-button" if sign_in else "input[type=password]").wait_for()
        return screen

    yield screen_of
    for one in opened:
        one.close()
