"""The words for one phone: in her language, for what this line and this place have."""

from dataclasses import replace

import pytest

from service.actions import sites
from service.actions.compose import About, compose, compose_for_stranger
from service.domain.message import Words
from service.domain.people import OPERATOR, Wording
from service.programme import Programme
from service.store.records import client
from tests.worker.village import MONDAY, Village


def words(village: Village, key: str, language: str = "en", **lacking: object) -> Words:
    woman = village.woman(language=language)
    programme: Programme = replace(village.parts.programme, **lacking)  # type: ignore[arg-type]
    return village.store.read(
        lambda reading: compose(reading, programme, key, client(reading, woman), About(MONDAY))
    )


def test_a_text_is_said_in_her_language(village: Village) -> None:
    assert words(village, "visit_d7", "st").text.startswith("Lumela Thato")


def test_a_line_on_which_replies_reach_us_asks_for_one(village: Village) -> None:
    assert words(village, "visit_d7").key == "visit_d7"


def test_a_line_on_which_they_do_not_names_the_code_to_dial(village: Village) -> None:
    found = words(village, "visit_d7", two_way=False)
    assert found.key == "visit_d7_oneway"
    assert "dial *123#" in found.text


def test_without_a_code_to_dial_a_reply_is_asked_for_all_the_same(village: Village) -> None:
    assert words(village, "visit_d7", two_way=False, ussd_code="").key == "visit_d7"


def test_without_a_transport_number_danger_names_none(village: Village) -> None:
    found = words(village, "danger", transport_number=None)
    assert found.key == "danger_no_number"
    assert "call ." not in found.text


def test_without_a_code_the_last_words_name_another_way_back(village: Village) -> None:
    found = words(village, "stop_ok", ussd_code="")
    assert found.key == "stop_ok_no_code"
    assert "reply START" in found.text


@pytest.mark.parametrize("key", ["help_info", "enrol_ok", "start_ok_unknown", "help_info_unknown"])
@pytest.mark.parametrize("language", ["en", "st"])
def test_without_a_code_no_text_tells_to_dial_one(village: Village, key: str, language: str) -> None:
    text = words(village, key, language, ussd_code="").text
    assert text.endswith(".")
    assert not {"dial", "letsetsa", "{u}"} & set(text.replace(".", " ").split())
    assert "  " not in text


def test_a_text_knows_its_version_its_parts_and_its_tier(village: Village) -> None:
    found = words(village, "visit_d1_t1")
    assert (found.wording, found.parts) == (Wording.T1, 1)
    assert found.version
    assert found.gated == ()


def test_a_name_that_is_a_gated_word_is_found(village: Village) -> None:
    woman = village.woman(nickname="Thato")
    village.store.write(lambda tx: sites.add_site(tx, "Thato", "Berea"), OPERATOR)
    found = village.store.read(
        lambda reading: compose(reading, village.parts.programme, "weekly_ok", client(reading, woman))
    )
    assert found.gated == ("Thato",)


def test_a_name_with_letters_beyond_gsm_still_takes_one_part(village: Village) -> None:
    woman = village.woman(nickname="Ts\u0161epo\u2019")
    found = village.store.read(
        lambda reading: compose(reading, village.parts.programme, "weekly_ok", client(reading, woman))
    )
    assert found.parts == 1


@pytest.mark.parametrize("key", ["date_ok", "date_pending", "number_ok", "new_date", "weekly_ok"])
def test_what_would_need_a_name_or_a_date_is_a_plain_thank_you_for_a_stranger(
    village: Village, key: str
) -> None:
    found = village.store.read(
        lambda reading: compose_for_stranger(reading, village.parts.programme, key, "en")
    )
    assert found.text == "Thank you."


def test_her_mentor_mother_signs_and_where_there_is_none_the_team(village: Village) -> None:
    assert words(village, "weekly_ok").text.endswith("Your team")
    mentor = village.staff("Palesa", "+26658100050")
    woman = village.woman("+26658100002", "Lerato", mentor_id=mentor)
    found = village.store.read(
        lambda reading: compose(reading, village.parts.programme, "weekly_ok", client(reading, woman))
    )
    assert found.text.endswith("Palesa")
