"""A real Chromium, the one that is installed here. Without one these tests are skipped."""

import os
import shutil
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.clinic import Clinic, open_clinic
from tests.conftest import TEMPLATE
from tests.databases import SqliteFolder
from tests.simulator.demonstrations import Demonstration, demonstration

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
AS_ROOT: Final = ("--no-sandbox",) if os.geteuid() == 0 else ()


def found_chromium() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if path), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = found_chromium()
    if found is None:
        pytest.skip("no Chromium is installed (on Debian: apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=["--disable-background-networking", *AS_ROOT]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    with demonstration(tmp_path_factory.mktemp("demo") / "data") as started:
        yield started


@pytest.fixture(scope="module")
def clinic(sqlite_folder: SqliteFolder) -> Iterator[Clinic]:
    sqlite_folder.clone(TEMPLATE, "clinic")
    with open_clinic(sqlite_folder.url("clinic")) as opened:
        yield opened
    sqlite_folder.drop("clinic")


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    """A phone of its own, which keeps cookies."""
    with chromium.new_context(viewport={"width": 360, "height": 740}, locale="en") as context:
        yield context


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A window as wide as a phone's; whatever a script or the page's policy complains of fails the test."""
    window = chromium.new_page(viewport={"width": 360, "height": 740})
    complaints: list[str] = []
    window.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    window.on("pageerror", lambda error: complaints.append(str(error)))
    yield window
    window.close()
    assert not complaints
