"""The page of a running demonstration, used with plain forms: no script runs in these tests."""

import re

import pytest
import requests

from handlers.app import create_app
from service import gsm
from service.seeding.cast import DEVICE_CODE, PIN
from tests.simulator.demonstrations import Demonstration, Visitor
from tests.worker.village import open_village

MENU = "Mother & Baby\n1 My next date"


def test_everything_that_the_first_page_loads_is_small(running: Demonstration) -> None:
    page = requests.get(running.address, timeout=10)
    origin = running.address.removesuffix("/simulator")
    parts = [
        requests.get(origin + path, timeout=10)
        for path in re.findall(r'(?:src|href)="(/[^"]+static[^"]+)"', page.text)
    ]
    assert len(parts) == 3
    assert {part.status_code for part in parts} == {200}
    assert sum(len(part.content) for part in (page, *parts)) < 30_000


def test_the_page_needs_and_allows_nothing_inline_and_nobody_else(running: Demonstration) -> None:
    page = requests.get(running.address, timeout=10)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script>|<style|\sstyle=|\son[a-z]+=|https?://", page.text)


def test_the_page_says_that_no_real_sms_is_sent(visitor: Visitor) -> None:
    assert "No real SMS is sent." in visitor.open("Palesa").text


def test_the_bare_address_leads_to_the_page(running: Demonstration) -> None:
    assert requests.get(running.address.removesuffix("/simulator"), timeout=10).url == running.address


@pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)
def test_there_is_no_such_page_outside_a_demonstration(database_url: str) -> None:
    with open_village(database_url) as village:
        assert create_app(village.parts).test_client().get("/simulator").status_code == 404


def test_an_unknown_client_shows_the_first_one(visitor: Visitor) -> None:
    answer = requests.get(visitor.address, params={"client": "nobody"}, timeout=10)
    assert '<h2 id="client-title">Palesa' in answer.text


def test_the_next_date_is_two_key_presses_away(visitor: Visitor) -> None:
    visitor.open("Rethabile").press("dial", dialled="*123#")
    assert visitor.screen().startswith(MENU)
    visitor.press("type", typed="1")
    assert visitor.screen().startswith("Your next date: ")


def test_a_screen_shows_how_many_septets_it_takes(visitor: Visitor) -> None:
    visitor.open("Rethabile").press("dial", dialled="*123#")
    assert f"{gsm.measure('CON ' + visitor.screen()).units} of 160 septets" in visitor.text


def test_answers_may_be_part_of_the_dialled_code(visitor: Visitor) -> None:
    visitor.open("Rethabile").press("dial", dialled="*123*1#")
    assert visitor.screen().startswith("Your next date: ")


def test_another_code_is_no_concern_of_the_service(visitor: Visitor) -> None:
    visitor.open("Rethabile").press("dial", dialled="*100#")
    assert "The network knows no such code." in visitor.text


def test_a_form_sent_twice_by_a_double_tap_counts_once(visitor: Visitor) -> None:
    visitor.open("Refiloe").press("dial", dialled="*123#")
    visitor.press("type", typed="1", turn="0")
    visitor.press("type", typed="1", turn="0")
    assert visitor.screen().startswith("Your next date: ")


def test_a_call_that_dropped_can_be_taken_up_again(visitor: Visitor) -> None:
    visitor.open("Khahliso").press("dial", dialled="*123#")
    visitor.press("type", typed="1")
    visitor.press("drop", typed="2")
    assert "The line dropped." in visitor.text
    visitor.press("dial", dialled="*123#")
    assert visitor.screen().startswith("You were cut off.")
    visitor.press("type", typed="1")
    assert visitor.screen().startswith("Choose a day:")


def test_hanging_up_clears_the_screen(visitor: Visitor) -> None:
    visitor.open("Lerato").press("dial", dialled="*123#")
    visitor.press("hang-up", typed="")
    assert visitor.screen() == ""


def test_a_text_to_the_service_is_answered_and_its_meaning_told(visitor: Visitor) -> None:
    visitor.open("Teboho").press("text", text="STOP")
    visitor.wait_for_text("Ha u sa tla fumana melaetsa")
    assert "Heard a text from Teboho taken for “stop”" in visitor.log
    assert "Consent no to texts" in visitor.log


def test_a_text_sent_twice_by_a_double_tap_arrives_once(visitor: Visitor) -> None:
    visitor.open("Keneuoe")
    for _ in range(2):
        visitor.press("text", text="Lumela lona", text_id="the-same")
    assert visitor.texts().count("Lumela lona") == 1


def test_a_word_of_danger_reaches_the_mentor_mother_at_once(visitor: Visitor) -> None:
    visitor.open("Rethabile").press("text", text="I am bleeding")
    assert "go to the nearest health centre NOW" in visitor.texts()[0]
    assert visitor.texts("mentor")[0].startswith(f"URGENT {visitor.client}: call now.")
    assert "Task danger: opened" in visitor.log


def test_a_mentor_mothers_order_is_obeyed_and_its_words_are_not_kept(visitor: Visitor) -> None:
    visitor.open("Itumeleng").press("text", side="mentor", text=f"ATT {visitor.client}")
    assert visitor.texts("mentor")[0] == f"{visitor.client}: noted. Thank you."
    assert "(an order; its words are not kept)" in visitor.texts("mentor")
    assert "she came" in visitor.log


def test_two_women_with_one_phone_see_the_same_texts(visitor: Visitor) -> None:
    hers = visitor.open("Lerato").texts()
    assert hers
    assert visitor.open("Mosele").texts() == hers


def test_sesotho_words_are_marked_as_such(visitor: Visitor) -> None:
    assert '<p class="words" lang="st">' in visitor.open("Thato").phone()


@pytest.mark.parametrize("text", ["", "1", "ke ts'epa", "Ke tšepa", "x" * 161, "[10]", "😀"])
def test_sizes_are_those_of_the_service(visitor: Visitor, text: str) -> None:
    said = requests.post(f"{visitor.address}/size", data={"text": text}, timeout=10).text
    measured = gsm.measure(text) if text else None
    numbers = [int(number) for number in re.findall(r"(?<!UCS-)\b\d+", said)]
    assert numbers == ([measured.units, measured.segments] if measured else [0, 0])


def test_another_sites_page_cannot_press_the_buttons(visitor: Visitor) -> None:
    answer = requests.post(
        f"{visitor.address}/ahead",
        data={"step": "day"},
        headers={"Sec-Fetch-Site": "cross-site"},
        timeout=10,
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("form", "fields"),
    [("dial", {}), ("dial", {"phone": "not a number"}), ("ahead", {}), ("ahead", {"step": "year"})],
)
def test_a_form_that_makes_no_sense_is_refused(visitor: Visitor, form: str, fields: dict[str, str]) -> None:
    assert requests.post(f"{visitor.address}/{form}", data=fields, timeout=10).status_code == 400


def test_pressing_her_name_leaves_the_code_that_the_terminal_shows_good(running: Demonstration) -> None:
    origin = running.address.removesuffix("/simulator")
    pressed = requests.post(f"{origin}/simulator/enter", data={"name": "Lineo"}, timeout=10)
    assert pressed.url.endswith("/staff/today")
    with requests.Session() as phone:
        form = phone.get(f"{origin}/staff/sign-in", timeout=10).text.partition("</form>")[0]
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
        typed = {"who": "Lineo", "secret": PIN, "code": DEVICE_CODE}
        signed_in = phone.post(f"{origin}/staff/sign-in", data=hidden | typed, timeout=10)
        assert signed_in.url.endswith("/staff/today")
