"""A Mentor Mother's morning on a phone of 360 pixels, in a real browser against a running demonstration."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from service.seeding.cast import DEVICE_CODE, PIN
from tests.simulator.demonstrations import Demonstration, Visitor


def staff(running: Demonstration, path: str = "") -> str:
    return f"{running.address.removesuffix('/simulator')}/staff/{path}"


def enter_as(running: Demonstration, context: BrowserContext, name: str) -> Page:
    """With one press on the page of the demonstration."""
    page = context.new_page()
    page.goto(running.address)
    page.get_by_role("button", name=re.compile(f"^{name},")).click()
    expect(page.get_by_role("navigation")).to_be_visible()
    return page


def open_client(page: Page, running: Demonstration, nickname: str) -> None:
    page.goto(staff(running, "clients"))
    page.get_by_role("link", name=re.compile(f"^{nickname} ")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(nickname)


def test_she_signs_in_takes_a_danger_and_calls(running: Demonstration, page: Page) -> None:
    Visitor(running.address).open("Palesa").press("text", text="I am bleeding a lot")
    page.goto(staff(running))
    page.get_by_label("Your name or phone number").fill("Lineo")
    page.get_by_label("Password or PIN").fill(PIN)
    page.get_by_text("First time on this phone?").click()
    page.get_by_label("Code from your coordinator").fill(DEVICE_CODE)
    page.get_by_role("button", name="Sign in").click()
    alarm = page.locator(".task.now")
    expect(alarm).to_contain_text("DANGER")
    expect(alarm).to_contain_text("I am bleeding a lot")
    alarm.get_by_role("button", name="I have it").click()
    expect(page.get_by_role("status").filter(has_text="It is yours now")).to_be_visible()
    expect(page.locator(".alarm")).to_have_count(0)
    page.locator(".task").get_by_role("button", name="Call…").click()
    expect(page.get_by_role("link", name="Call this number")).to_have_attribute("href", "tel:+12025550121")
    page.get_by_role("button", name="Spoke to her").click()
    expect(page.get_by_text("Done. The task is closed.")).to_be_visible()


def test_she_sends_a_reminder_by_hand_and_watches_the_reply_arrive(
    running: Demonstration, phone: BrowserContext
) -> None:
    page = enter_as(running, phone, "Lineo")
    open_client(page, running, "Palesa")
    page.get_by_role("link", name="Send a reminder").click()
    exactly = page.locator("blockquote").inner_text()
    assert exactly.startswith("Hello Palesa, remember your date:")
    expect(page.get_by_text("Parts: 1")).to_be_visible()
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("The reminder is on its way.")).to_be_visible()
    hers = Visitor(running.address).open("Palesa")
    hers.wait_for(exactly)
    hers.press("text", text="1")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # she looks at her phone again
    expect(page.locator("#texts .heard").first).to_contain_text("1")
    page.reload()
    expect(page.get_by_text("says she will come")).to_be_visible()


def test_she_notes_a_miss_with_its_reason(running: Demonstration, phone: BrowserContext) -> None:
    Visitor(running.address).open("Thato").press("ahead", step="day")
    page = enter_as(running, phone, "Lineo")
    visit = page.locator(".visit").filter(has_text="Thato")
    visit.get_by_role("link", name="More").click()
    page.get_by_label("Why did she not come?").select_option(label="Cost of transport")
    page.get_by_role("button", name="Did not come").click()
    expect(page.get_by_text("Noted: she did not come.")).to_be_visible()
    open_client(page, running, "Thato")
    expect(page.get_by_text("missed: Cost of transport")).to_be_visible()


def test_a_form_that_is_sent_without_a_line_goes_once_when_it_is_back(
    running: Demonstration, phone: BrowserContext
) -> None:
    page = enter_as(running, phone, "Mosa")
    open_client(page, running, "Neo")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.get_by_label("New note").fill("Written without a line")
    phone.set_offline(True)
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_text("There is no line.").first).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Kept on this phone: 1")).to_be_visible()
    phone.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    expect(page.locator("#line")).to_be_hidden(timeout=15_000)
    for _ in range(2):
        open_client(page, running, "Neo")
        expect(page.get_by_text("Written without a line")).to_have_count(1)


def test_a_double_tap_counts_once(running: Demonstration, phone: BrowserContext) -> None:
    page = enter_as(running, phone, "Mosa")
    open_client(page, running, "Keneuoe")
    page.get_by_label("New note").fill("Tapped twice")
    page.get_by_role("button", name="Keep the note").dblclick()
    page.wait_for_url(re.compile("told=noted"))
    open_client(page, running, "Keneuoe")
    expect(page.get_by_text("Tapped twice")).to_have_count(1)
