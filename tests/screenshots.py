"""``make screenshots``: the pages of the README, as a demonstration shows them on a phone and on a laptop."""

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import AS_ROOT, found_chromium
from tests.simulator.demonstrations import Demonstration, Visitor, demonstration

PHONE, LAPTOP = {"width": 360, "height": 740}, {"width": 1200, "height": 640}

PAPER = {"width": 720, "height": 620}
SHEET = (
    "preview?kind=breastfeeding&language=st&wording=T0&first=2027-03-02&born_on=2027-03-01"
    "&days=90&attends=late&answers=always&price=0.35"
)


def main(folder: Path) -> None:
    with (
        TemporaryDirectory() as data,
        demonstration(Path(data) / "demo") as running,
        sync_playwright() as play,
    ):
        Visitor(running.address).open("Palesa").press("text", text="I am bleeding a lot")
        browser = play.chromium.launch(executable_path=found_chromium(), args=list(AS_ROOT))
        _mentor(running, browser, folder)
        _coordinator(running, browser, folder)
        browser.close()


def _mentor(running: Demonstration, browser: Browser, folder: Path) -> None:
    page = _enter(running, browser, "Lineo", PHONE)
    _take(page, folder, "today-phone")
    _open(running, page, "Palesa")
    page.get_by_role("link", name="Send a reminder").click()
    page.wait_for_selector("blockquote")
    _take(page, folder, "reminder-phone")
    _open(running, page, "Neo")
    page.evaluate("document.getElementById('coming').scrollIntoView()")
    _take(page, folder, "why-phone")


def _coordinator(running: Demonstration, browser: Browser, folder: Path) -> None:
    page = _enter(running, browser, "Mosa", LAPTOP)
    page.goto(_staff(running, "texts/visit_d7"))
    _take(page, folder, "text-laptop")
    page.goto(_staff(running, SHEET))
    page.set_viewport_size(PAPER)  # type: ignore[arg-type]
    page.emulate_media(media="print")
    _take(page, folder, "sheet-paper")


def _open(running: Demonstration, page: Page, nickname: str) -> None:
    page.goto(_staff(running, "clients"))
    page.get_by_role("link", name=re.compile(f"^{nickname} ")).click()
    page.wait_for_selector("#past")


def _staff(running: Demonstration, path: str) -> str:
    return f"{running.address.removesuffix('/simulator')}/staff/{path}"


def _enter(running: Demonstration, browser: Browser, name: str, size: dict[str, int]) -> Page:
    page = browser.new_context(viewport=size, locale="en").new_page()  # type: ignore[arg-type]
    page.goto(running.address)
    page.get_by_role("button", name=re.compile(f"^{name},")).click()
    page.wait_for_selector("nav")
    return page


def _take(page: Page, folder: Path, name: str) -> None:
    page.screenshot(path=folder / f"{name}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
