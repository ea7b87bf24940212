"""The first minute of somebody who tries Khopotso, in a real browser as small as a phone's."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from service import gsm
from tests.simulator.demonstrations import Demonstration

SMALLEST_TARGET = 44
"""CSS pixels, each way."""


def show(running: Demonstration, page: Page, nickname: str) -> Locator:
    """Choose a client from the list; her phone."""
    page.goto(running.address)
    choice = page.locator("#choose option").filter(has_text=f"{nickname},")
    page.get_by_label("Client", exact=True).select_option(choice.get_attribute("value"))
    page.get_by_role("button", name="Show").click()
    phone = page.locator("#client")
    expect(phone.get_by_role("heading", level=2)).to_contain_text(nickname)
    return phone


def test_a_reminder_comes_is_answered_with_1_and_the_visit_is_confirmed(
    running: Demonstration, page: Page
) -> None:
    page.goto(running.address)
    client, log = page.locator("#client"), page.locator(".log")
    page.get_by_role("button", name="Skip to the next reminder").click()
    expect(client.locator(".received").first).to_contain_text(
        "Hello Palesa, remember your date:", timeout=3000
    )
    client.get_by_role("button", name="1", exact=True).click()
    expect(client.locator(".received").first).to_contain_text("Thank you Palesa. See you on", timeout=3000)
    expect(log).to_contain_text("confirmed; she says she will come")


def test_two_key_presses_show_the_date(running: Demonstration, page: Page) -> None:
    client = show(running, page, "Rethabile")
    client.get_by_role("button", name="Dial").click()
    expect(client.locator(".screen")).to_contain_text("1 My next date")
    expect(client.get_by_label("Answer")).to_be_focused()
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(client.locator(".screen")).to_contain_text("Your next date: ")


def test_what_comes_later_appears_without_a_key_press(running: Demonstration, page: Page) -> None:
    client = show(running, page, "Refiloe")
    client.get_by_label("Text to the service").fill("3")
    client.get_by_role("button", name="Send text").click()
    expect(client.locator(".received").first).to_contain_text("will call you", timeout=5000)
    expect(client.locator(".received").first).to_contain_text("delivered", timeout=10_000)


@pytest.mark.parametrize("text", ["Ke hloka thuso", "Ke tšepa", "x" * 161])
def test_septets_are_counted_while_she_types(running: Demonstration, page: Page, text: str) -> None:
    page.goto(running.address)
    client = page.locator("#client")
    client.get_by_label("Text to the service").fill(text)
    measured = gsm.measure(text)
    expect(client.locator("output")).to_have_text(
        re.compile(rf"^{measured.units} .*, {measured.segments} parts?$"), timeout=3000
    )


def test_what_is_being_typed_outlives_the_refreshing(running: Demonstration, page: Page) -> None:
    page.goto(running.address)
    typed = page.locator("#mentor").get_by_label("Text to the service")
    typed.fill("ATT 04")
    page.wait_for_timeout(2500)
    expect(typed).to_have_value("ATT 04")


def test_a_phones_browser_need_not_scroll_sideways(running: Demonstration, page: Page) -> None:
    page.goto(running.address)
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_everything_to_press_is_large_enough_for_a_thumb(running: Demonstration, page: Page) -> None:
    page.goto(running.address)
    for target in page.locator("button, select, input:not([type=hidden]), textarea").all():
        box = target.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= SMALLEST_TARGET, target.evaluate("each => each.outerHTML")


@pytest.mark.parametrize(("width", "nickname"), [(360, "Thato"), (1280, "Khahliso")])
def test_axe_finds_nothing_to_complain_of(
    running: Demonstration, page: Page, width: int, nickname: str
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    phone = show(running, page, nickname)
    phone.get_by_role("button", name="Dial").click()
    expect(phone.locator(".screen")).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
