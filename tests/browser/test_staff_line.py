"""Every page is light, opens on a bad line, and is open to everybody: weights, times, and what axe finds."""

import re
from collections.abc import Iterator
from time import monotonic

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from tests.browser.test_staff import enter_as, staff
from tests.simulator.demonstrations import Demonstration

FIRST_PAGE, ANY_PAGE = 30_000, 50_000
"""Bytes over the line, styles and scripts included."""

SLOW = {"offline": False, "latency": 800, "downloadThroughput": 35_000, "uploadThroughput": 35_000}
"""280 kbit/s with 800 ms of delay."""

LONGEST = 10
SMALLEST_TARGET = 24
"""CSS pixels, each way (WCAG 2.2, 2.5.8); our own aim for buttons is 44."""

OPEN = ("sign-in", "offline")
PAGES = {
    "Lineo": ("today", "clients", "replies", "enrol", "account"),
    "Mosa": ("today", "clients", "replies", "enrol", "account", "team", "sending", "sites"),
    "Rorisang": ("today", "team", "sending", "sites", "account"),
    "Thuto": ("account",),
    "Khotso": ("account",),
}
BEHIND = {
    "clients": r"/staff/clients/\d+$",
    "team": r"/staff/team/[0-9a-f-]+$",
    "today": r"/staff/tasks/[0-9a-f-]+$",
}
"""A page that the first link of such an address leads to."""


@pytest.fixture
def wire(page: Page) -> Iterator[tuple[Page, CDPSession, list[float]]]:
    """A page on a fresh phone, and what goes over the line to it."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    weights: list[float] = []
    session.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    yield page, session, weights


def test_the_first_page_is_light_and_opens_on_a_bad_line(
    running: Demonstration, wire: tuple[Page, CDPSession, list[float]], capsys: pytest.CaptureFixture[str]
) -> None:
    page, session, weights = wire
    session.send("Network.emulateNetworkConditions", SLOW)
    began = monotonic()
    page.goto(staff(running, "sign-in"))
    expect(page.get_by_role("button", name="Sign in")).to_be_enabled()
    seconds = monotonic() - began
    with capsys.disabled():
        print(f"\nfirst page: {sum(weights):.0f} bytes in {seconds:.1f} s at 280 kbit/s, 800 ms")
    assert sum(weights) <= FIRST_PAGE
    assert seconds <= LONGEST


def test_every_page_is_light_and_opens_on_a_bad_line(
    running: Demonstration, chromium: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    with chromium.new_context(viewport={"width": 360, "height": 740}, service_workers="block") as context:
        page = enter_as(running, context, "Mosa")
        behind = page.locator(".task a").first.get_attribute("href") or ""
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW)
        weights: list[float] = []
        session.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
        for path in ("today", "clients", "enrol", "sending", behind.removeprefix("/staff/")):
            weights.clear()
            session.send("Network.clearBrowserCache")
            began = monotonic()
            page.goto(staff(running, path), wait_until="domcontentloaded")
            seconds = monotonic() - began
            with capsys.disabled():
                print(f"\n{path}: {sum(weights):.0f} bytes, usable after {seconds:.1f} s", end="")
            assert sum(weights) <= ANY_PAGE
            assert seconds <= LONGEST


@pytest.fixture(scope="module")
def contexts(chromium: Browser) -> Iterator[dict[str, BrowserContext]]:
    made: dict[str, BrowserContext] = {}
    yield made
    for context in made.values():
        context.close()


@pytest.mark.parametrize(("name", "path"), [(name, path) for name, paths in PAGES.items() for path in paths])
def test_axe_finds_nothing_and_a_thumb_hits_everything(
    running: Demonstration, chromium: Browser, contexts: dict[str, BrowserContext], name: str, path: str
) -> None:
    if name not in contexts:
        contexts[name] = chromium.new_context(viewport={"width": 360, "height": 740}, locale="en")
        enter_as(running, contexts[name], name)
    page = contexts[name].pages[0]
    page.goto(staff(running, path))
    insist(page)
    behind = BEHIND.get(path)
    links = [one.get_attribute("href") or "" for one in page.get_by_role("main").get_by_role("link").all()]
    found = next((link for link in links if behind and re.search(behind, link)), None)
    if found:
        page.goto(staff(running, found.removeprefix("/staff/")))
        insist(page)


@pytest.mark.parametrize("path", OPEN)
def test_axe_finds_nothing_before_one_is_in(running: Demonstration, page: Page, path: str) -> None:
    page.goto(staff(running, path))
    insist(page)


def insist(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, page.url
    for target in page.locator("button:visible, select:visible, textarea:visible, a.button:visible").all():
        box = target.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= SMALLEST_TARGET, target.evaluate("one => one.outerHTML")
