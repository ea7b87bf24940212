"""Coming in and going out, as a browser sees it."""

import re

import pyotp
import pytest
from sqlalchemy import update

from service.actions import pins, sign_in_device, sign_in_session, sign_in_totp
from service.actions import staff as people
from service.domain.people import OPERATOR, Role
from service.domain.phone import Phone
from service.store.models.access import SignIn
from tests.staff.house import Browser, House, Page


def take_on(house: House, name: str, role: Role) -> people.FirstSecrets:
    new = people.NewStaff(name, Phone("+26658007777"), "en", frozenset({role}), (house.village.site,))
    first = house.village.store.write(lambda tx: people.add_staff(tx, new), OPERATOR)
    assert isinstance(first, people.FirstSecrets)
    return first


def come_in(browser: Browser, who: str, secret: str | None, **more: str) -> Page:
    return browser.send("/staff/sign-in", from_page="/staff/sign-in", who=who, secret=secret or "", **more)


def test_the_first_password_opens_the_pages(house: House) -> None:
    first, browser = take_on(house, "Thabo", Role.ME), house.browser()
    answer = come_in(browser, "Thabo", first.password)
    assert (answer.status, answer.to) == (303, "/staff/")
    assert "Thabo" in browser.open("/staff/account").text


def test_a_mentor_mothers_pin_opens_them_on_a_phone_that_a_code_has_made_hers(house: House) -> None:
    first, browser = take_on(house, "Lineo", Role.MENTOR), house.browser()
    whose = house.village.store.read(lambda reading: people.find_staff(reading, "Lineo"))
    assert whose
    assert come_in(browser, "Lineo", first.pin).status == 401
    code = house.village.store.write(lambda tx: sign_in_device.give_code(tx, whose), OPERATOR)
    assert come_in(browser, "Lineo", first.pin, code=code).status == 303
    assert browser.send("/staff/sign-out", from_page="/staff/today").to == "/staff/sign-in"
    assert come_in(browser, "Lineo", first.pin).status == 303
    assert come_in(house.browser(), "Lineo", first.pin).status == 401


def test_a_code_that_was_used_is_answered_like_a_wrong_one_and_both_say_that_it_works_once(
    house: House,
) -> None:
    first = take_on(house, "Lineo", Role.MENTOR)
    assert first.code
    assert come_in(house.browser(), "Lineo", first.pin, code=first.code).status == 303
    used = come_in(house.browser(), "Lineo", first.pin, code=first.code)
    wrong = come_in(house.browser(), "Lineo", first.pin, code="00000000")
    assert used.status == wrong.status == 401
    assert used.text == wrong.text
    assert "A code works once, and for 24 hours" in used.text


def test_a_coordinator_scans_a_code_and_types_what_her_app_shows(house: House) -> None:
    first, browser = take_on(house, "Palesa", Role.COORDINATOR), house.browser()
    come_in(browser, "Palesa", first.password)
    assert browser.open("/staff/today").to == "/staff/second-step"
    assert browser.open("/staff/second-step").to.startswith("/staff/second-step/set-up")
    page = browser.open("/staff/second-step/set-up")
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in page.html or "<svg" in page.html
    assert "style=" not in page.html
    shown = re.search(r"<code>([^<]+)</code>", page.html)
    assert shown
    app = pyotp.TOTP(shown[1].replace(" ", ""))
    assert browser.send("/staff/second-step/set-up", code="000").status == 401
    assert browser.send("/staff/second-step/set-up", code=app.now()).to == "/staff/"
    assert browser.open("/staff/today").status == 200


def test_the_second_step_is_asked_each_time_and_cannot_be_set_up_anew(house: House) -> None:
    first, browser = take_on(house, "Palesa", Role.COORDINATOR), house.browser()
    whose, secret = house.village.store.read(lambda r: people.find_staff(r, "Palesa")), pyotp.random_base32()
    assert whose
    house.village.store.write(lambda tx: sign_in_totp.give(tx, whose, secret), OPERATOR)
    come_in(browser, "Palesa", first.password)
    assert browser.open("/staff/second-step/set-up").status == 403
    step = browser.open("/staff/second-step")
    assert step.status == 200
    assert browser.send("/staff/second-step/set-up", code=pyotp.TOTP(secret).now()).status == 403
    assert browser.send("/staff/second-step", code="nonsense").status == 401
    code = pyotp.TOTP(secret).now()
    assert browser.send("/staff/second-step", code=code).status == 303
    again = house.browser()
    come_in(again, "Palesa", first.password)
    used = again.send("/staff/second-step", from_page="/staff/second-step", code=code)
    assert used.status == 401
    assert "A code works once, and for 60 seconds" in used.text


def test_wrong_name_and_wrong_password_are_answered_alike(house: House) -> None:
    take_on(house, "Thabo", Role.ME)
    known = come_in(house.browser(), "Thabo", "wrong")
    unknown = come_in(house.browser(), "Nobody", "wrong")
    mentor = come_in(house.browser(), "Nobody", "123456", code="12345678")
    assert known.status == unknown.status == mentor.status == 401
    assert known.text == unknown.text == mentor.text


def test_after_five_wrong_passwords_one_has_to_wait(house: House) -> None:
    first, browser = take_on(house, "Thabo", Role.ME), house.browser()
    answers = [come_in(browser, "Thabo", "wrong").status for _ in range(6)]
    assert answers == [401] * 5 + [429]
    assert "Too many tries. Wait 1 min" in come_in(browser, "Thabo", first.password).text


def test_the_cookie_is_out_of_reach_and_new_each_time(house: House) -> None:
    first, browser = take_on(house, "Thabo", Role.ME), house.browser()
    cookies = [
        come_in(browser, "Thabo", first.password).answer.headers.getlist("Set-Cookie") for _ in range(2)
    ]
    ours = [next(one for one in sent if one.startswith("khopotso=")) for sent in cookies]
    assert ours[0] != ours[1]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in ours[0].split(";")}


@pytest.mark.parametrize("environ", [{"HTTP_HOST": "clinic.example"}, {"REMOTE_ADDR": "192.0.2.7"}])
def test_over_a_line_the_cookie_goes_to_this_host_alone_and_over_https_alone(
    house: House, environ: dict[str, str]
) -> None:
    answer = house.app.test_client().get("/staff/sign-in", environ_overrides=environ)
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-khopotso-forms=")
    assert {"Secure", "HttpOnly", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/staff/clients", "/staff/clients"),
        ("https://evil.example/staff/", "/staff/"),
        ("//evil.example/staff/", "/staff/"),
        ("/staff/\\evil", "/staff/"),
        ("/hooks/", "/staff/"),
    ],
)
def test_after_signing_in_she_gets_to_the_page_that_she_wanted_and_to_nobody_elses(
    house: House, wanted: str, reached: str
) -> None:
    first = take_on(house, "Thabo", Role.ME)
    assert come_in(house.browser(), "Thabo", first.password, to=wanted).to == reached


def test_a_locked_page_opens_with_the_password_and_keeps_what_was_sent_meanwhile(house: House) -> None:
    first, browser = take_on(house, "Thabo", Role.MENTOR), house.browser()
    whose = house.village.store.read(lambda reading: people.find_staff(reading, "Thabo"))
    assert whose
    code = house.village.store.write(lambda tx: sign_in_device.give_code(tx, whose), OPERATOR)
    come_in(browser, "Thabo", first.pin, code=code)
    woman = house.village.woman(mentor_id=whose)
    code = house.village.store.read(lambda r: people_code(r, woman))
    browser.open(f"/staff/clients/{code}")
    written = browser.page.value("form_key")
    house.village.store.write(lambda tx: tx.connection.execute(update(SignIn).values(seen_at=0.0)), OPERATOR)
    locked = browser.send(f"/staff/clients/{code}/note", text="Long words")
    assert locked.status == 401
    assert locked.value("kept.text") == "Long words"
    assert browser.open("/staff/today").to.startswith("/staff/unlock")
    browser.page = locked
    kept = {"kept.text": "Long words", "kept.form_key": written, "to": f"/staff/clients/{code}/note"}
    assert browser.send("/staff/unlock", secret="000000", **kept).status == 401
    opened = browser.send("/staff/unlock", secret=first.pin, **kept)
    assert 'action="/staff/clients' in opened.html
    browser.page = opened
    browser.send(f"/staff/clients/{code}/note", text=opened.value("text"))
    assert "Long words" in browser.open(f"/staff/clients/{code}").text


def people_code(reading, woman) -> str:  # type: ignore[no-untyped-def]
    from service.store.records import client

    return client(reading, woman).code


def test_signing_out_everywhere_ends_the_other_browser_too(house: House) -> None:
    one, other = house.mentor, house.signed_in(house.here.mentor)
    one.send("/staff/sign-out-everywhere", from_page="/staff/account")
    assert other.open("/staff/today").to.startswith("/staff/sign-in")


def test_the_lock_is_one_press(house: House) -> None:
    house.mentor.send("/staff/lock", from_page="/staff/today")
    assert house.mentor.open("/staff/today").to.startswith("/staff/unlock")


def test_the_front_leads_each_role_to_a_page_of_hers(house: House) -> None:
    assert house.mentor.open("/staff/").to == "/staff/today"
    assert house.with_role(Role.ME).open("/staff/").status == 303


def test_standing_needs_a_token_of_this_house(house: House) -> None:
    browser = house.browser()
    browser.client.set_cookie("khopotso", sign_in_session.draw_token())
    assert browser.open("/staff/today").to.startswith("/staff/sign-in?to=")


def test_a_wrong_pin_counts_at_the_menu_as_well(house: House) -> None:
    """Else whoever has her phone could try five there, and five here."""
    first, browser = take_on(house, "Lineo", Role.MENTOR), house.browser()
    come_in(browser, "Lineo", first.pin, code=first.code or "")
    browser.send("/staff/lock", from_page="/staff/today")
    for _ in range(4):
        assert browser.send("/staff/unlock", from_page="/staff/unlock", secret="135790").status == 401
    whose = house.village.store.read(lambda reading: people.find_staff(reading, "Lineo"))
    assert whose
    store = house.village.store
    assert store.write(lambda tx: pins.admit(tx, (whose,), "135790"), OPERATOR) is None
    assert store.write(lambda tx: pins.admit(tx, (whose,), first.pin or ""), OPERATOR) is None


def change(browser: Browser, old: str | None, new: str, again: str = "") -> Page:
    typed = {"secret": old or "", "new": new, "again": again or new}
    return browser.send("/staff/account/secret", from_page="/staff/account", **typed)


def test_a_new_password_counts_from_now_on_and_everywhere_else_she_is_out(house: House) -> None:
    first, browser, other = take_on(house, "Thabo", Role.ME), house.browser(), house.browser()
    for one in (browser, other):
        come_in(one, "Thabo", first.password)
    assert "not right" in change(browser, "wrong", "three plain words here").text
    assert "fewer than 15" in change(browser, first.password, "short").text
    assert "differ" in change(browser, first.password, "three plain words here", "two words").text
    assert change(browser, first.password, "three plain words here").to.endswith("told=secret_new")
    assert browser.open("/staff/account").status == 200
    assert other.open("/staff/account").to.startswith("/staff/sign-in")
    assert come_in(house.browser(), "Thabo", first.password).status == 401
    assert come_in(house.browser(), "Thabo", "three plain words here").status == 303


def test_a_mentor_mother_chooses_a_pin_that_is_not_soon_guessed(house: House) -> None:
    first, browser = take_on(house, "Lineo", Role.MENTOR), house.browser()
    come_in(browser, "Lineo", first.pin, code=first.code or "")
    assert "Others would guess this PIN" in change(browser, first.pin, "123456").text
    assert "Others would guess this PIN" in change(browser, first.pin, "abcdef").text
    assert change(browser, first.pin, "402871").status == 303
    browser.send("/staff/lock", from_page="/staff/today")
    assert browser.send("/staff/unlock", from_page="/staff/unlock", secret="402871").status == 303
