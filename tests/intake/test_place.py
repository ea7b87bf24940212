"""What a value means in Lesotho, with the texts that ship."""

from datetime import date

import pytest

from service.domain.code import check_digit
from service.domain.phone import Phone
from service.intake import place as here
from service.intake.cells import Wrong
from service.intake.place import Code, Place
from service.wording import NameFault

CODE = "04211" + check_digit("04211")


@pytest.mark.parametrize("text", ["58100001", "+266 5810 0001", "26658100001", "58100001.0", "'58100001"])
def test_a_number_in_every_way_of_writing_it(place: Place, text: str) -> None:
    assert place.phone(text) == Phone("+26658100001")


@pytest.mark.parametrize(
    "text", ["5810000", "2.66581E+10", "22312345", "58100001 / 58100002", "+27821234567"]
)
def test_a_number_to_which_no_text_may_go(place: Place, text: str) -> None:
    refused = place.phone(text)
    assert isinstance(refused, Wrong)
    assert not any(digits in refused.reason for digits in ("581", "223", "278"))


def test_a_client_by_her_code_or_her_number(place: Place) -> None:
    assert place.client(CODE) == Code(CODE)
    assert place.client("58100001") == Phone("+26658100001")


@pytest.mark.parametrize("text", [CODE[1:], CODE[:5] + str((int(CODE[5]) + 1) % 10), "1"])
def test_a_code_that_lost_a_zero_or_has_a_wrong_digit_is_not_guessed_at(place: Place, text: str) -> None:
    assert place.client(text) == here.NOT_A_CODE


@pytest.mark.parametrize("text", ["Lineo", "'Mamosa", "Mošoeshoe", "Thato K.", "=1+1", "Élodie", "-Neo"])
def test_a_nickname_is_only_ever_text(place: Place, text: str) -> None:
    assert place.nickname(text) == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x" * 21, here.TOO_LONG),
        ("Мария", here.NOT_PLAIN),
        ("Neo 🌸", here.NOT_PLAIN),
        ("HIV", Wrong(NameFault.REVEALS)),
        ("clinic", Wrong(NameFault.REVEALS)),
        ("kli.niki", Wrong(NameFault.REVEALS)),
        ("ha demo", Wrong(NameFault.REVEALS)),
        ("58123456", Wrong(NameFault.NUMBER)),
    ],
)
def test_a_nickname_that_a_text_cannot_say(place: Place, text: str, why: Wrong) -> None:
    assert place.nickname(text) == why


@pytest.mark.parametrize(("text", "code"), [("st", "st"), ("ST", "st"), ("Sesotho", "st"), ("english", "en")])
def test_a_language_by_its_code_or_name(place: Place, text: str, code: str) -> None:
    assert place.language(text) == code


@pytest.mark.parametrize("text", ["fr", "sotho", "e"])
def test_a_language_without_texts_is_told_which_there_are(place: Place, text: str) -> None:
    assert place.language(text) == Wrong("There are no texts in this language; write one of: en, st.")


def test_today_has_come_and_tomorrow_has_not(place: Place) -> None:
    assert place.past_day("2026-11-23") == date(2026, 11, 23)
    assert place.past_day("2026-11-24") == Wrong("This day has not come yet.")
    assert isinstance(place.past_day("1899-12-31"), Wrong)
