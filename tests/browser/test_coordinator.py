"""A coordinator in a real browser: a caseload goes to a colleague, and a text gets its second word."""

import re

from playwright.sync_api import BrowserContext, expect

from service.domain.people import Role
from tests.browser.clinic import Clinic


def test_she_hands_a_caseload_over(clinic: Clinic, phone: BrowserContext) -> None:
    house = clinic.house
    house.village.staff("Khauhelo", "+26658001077", Role.MENTOR, site=house.elsewhere.id)
    page = clinic.enter(phone, house.signed_in(house.elsewhere.coordinator))
    page.goto(clinic.at("/staff/team"))
    page.get_by_role("link", name=re.compile("Palesa 2")).click()
    page.get_by_label("To whom").select_option(label="Khauhelo")
    page.get_by_role("button", name="Hand over now").click()
    expect(page.get_by_text("Her clients and open tasks have a new owner.")).to_be_visible()
    page.goto(clinic.at(f"/staff/clients/{house.elsewhere.code}"))
    expect(page.locator("dl")).to_contain_text("Khauhelo")


def test_a_text_is_approved_once_a_second_person_says_so(clinic: Clinic, phone: BrowserContext) -> None:
    house = clinic.house
    first, second = house.coordinator, house.signed_in(house.elsewhere.coordinator)
    page = clinic.enter(phone, first)
    page.goto(clinic.at("/staff/texts/visit_d1"))
    page.get_by_role("button", name="I approve it").click()
    expect(page.get_by_text("A second person must approve it too.")).to_be_visible()
    page.get_by_role("button", name="I approve it").click()
    expect(page.get_by_text("You have approved it already.")).to_be_visible()
    page = clinic.enter(phone, second)
    page.goto(clinic.at("/staff/texts/visit_d1"))
    page.get_by_role("button", name="I approve it").click()
    expect(page.get_by_text("It is approved as it stands.")).to_be_visible()
    expect(page.get_by_role("button", name="I approve it")).to_have_count(0)
