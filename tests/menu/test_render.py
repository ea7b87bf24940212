"""What a phone shows."""

from dataclasses import replace

import pytest

from service import gsm
from service.menu.facts import Facts
from service.menu.machine import GIVE_UP, ScreenSet, Turn, begin, step
from service.menu.paging import LONGEST_SCREEN, MOST_OPTIONS, septets
from service.menu.render import render
from service.menu.screen import End, Menu, Option, Pages, Screen, named, say
from service.menu.session import Session
from tests.fakes import MENTOR, MOTHER, PIN, STRANGER
from tests.menu.toys import TOYS, with_screens


def drawn(screen: Screen, *keys: str) -> Turn:
    """A screen, drawn as the one called ``list``, after these keys."""
    screens = with_screens(list=lambda _session, _facts: screen)
    turn = begin(screens, STRANGER)
    for key in ("2", *keys):
        turn = step(screens, turn.session, key, STRANGER)
    return turn


def shown(screen: Screen, *keys: str) -> list[str]:
    return render(TOYS, drawn(screen, *keys)).splitlines()


def test_a_menu_is_a_text_its_numbered_options_and_the_way_back() -> None:
    screen = Menu(say("question"), (Option(say("tea"), "done"), Option(say("milk"), "done")))
    assert shown(screen) == ["question", "1 tea", "2 milk", "0 main_menu"]


def test_the_first_screen_needs_no_way_back() -> None:
    assert render(TOYS, begin(TOYS, STRANGER)).splitlines()[-1] == "3 c"


def test_staff_are_told_that_zero_goes_one_step_back() -> None:
    turn = step(TOYS, begin(TOYS, MENTOR).session, PIN, MENTOR)
    assert render(TOYS, turn).splitlines()[-1] == "0 back"


def test_a_hint_stands_above_the_screen() -> None:
    turn = step(TOYS, begin(TOYS, STRANGER).session, "9", STRANGER)
    assert render(TOYS, turn).splitlines()[:2] == ["choose", "welcome"]


def test_last_words_have_nothing_below_them() -> None:
    assert shown(End(say("bye"))) == ["bye"]
    assert shown(Menu(say("question"), ()), "9", "9", "9") == [GIVE_UP.text.key.removeprefix("ussd.")]


def test_a_date_is_said_in_the_words_of_the_language(screens: ScreenSet) -> None:
    speaks = {"en": "Thursday 26 November", "st": "Labone 26 Pulungoana"}
    for language, day in speaks.items():
        facts = replace(MOTHER, speaks=language)
        turn = step(screens, begin(screens, facts).session, "1", facts)
        assert day in render(screens, turn)


def test_letters_beyond_gsm_7_are_shown_in_their_plain_form() -> None:
    assert shown(End(named("Tšepo ’m’e — ō"))) == ["Ts'epo 'm'e - o"]


# --- pages -----------------------------------------------------------------------------------------------

LONG_LIST = Pages(say("choose"), tuple(Option(named(f"name {n}"), "done") for n in range(1, 13)))
LONG_TEXT = Pages(say(" ".join(f"word{n}" for n in range(1, 101))), (Option(say("I see"), "done"),))


def leafed(screen: Pages) -> list[str]:
    """Every page, More pressed as long as it is there."""
    texts, keys = [render(TOYS, drawn(screen))], []
    while more := [line[0] for line in texts[-1].splitlines() if line.endswith(" more")]:
        keys += more
        texts.append(render(TOYS, drawn(screen, *keys)))
    return texts


def test_a_short_list_is_one_page() -> None:
    short = Pages(say("choose"), LONG_LIST.options[:5])
    assert shown(short)[1:-1] == [f"{n} name {n}" for n in range(1, 6)]


def test_a_long_list_goes_on_under_more_and_loses_nothing() -> None:
    lines = [line for text in leafed(LONG_LIST) for line in text.splitlines()]
    names = [line[2:] for line in lines if "name" in line]
    assert names == [f"name {n}" for n in range(1, 13)]


@pytest.mark.parametrize("screen", [LONG_LIST, LONG_TEXT])
def test_no_page_is_too_long_or_has_too_many_options(screen: Pages) -> None:
    for text in leafed(screen):
        assert septets(text) <= LONGEST_SCREEN
        assert sum(line[0] in "123456789" for line in text.splitlines()) <= MOST_OPTIONS


def test_a_long_text_is_cut_between_words_and_loses_none() -> None:
    words = [word for text in leafed(LONG_TEXT) for word in text.split() if word.startswith("word")]
    assert words == LONG_TEXT.text.key.split()


def test_an_option_of_a_later_page_leads_where_it_says() -> None:
    options = tuple(Option(named(f"name {n}"), f"goto {n}") for n in range(1, 10))
    went = with_screens(
        list=lambda _session, _facts: Pages(say("choose"), options),
        **{"goto 6": lambda _session, _facts: End(say("six"))},
    )
    turn = begin(went, STRANGER)
    for key in ("2", "5", "2"):
        turn = step(went, turn.session, key, STRANGER)
    assert turn.screen == End(say("six"))


def test_a_hint_does_not_move_the_bounds_of_a_page() -> None:
    assert shown(LONG_TEXT, "9") == ["choose", *shown(LONG_TEXT)]
    assert septets(render(TOYS, drawn(LONG_TEXT, "9"))) <= LONGEST_SCREEN


def test_one_piece_that_is_too_long_does_not_stop_the_reader() -> None:
    texts = leafed(Pages(say("x" * 200), LONG_LIST.options))
    assert "name 12" in texts[-1]


def test_a_page_that_is_no_longer_there_shows_the_last_one() -> None:
    session = Session("list", "en", page=99)
    assert "name 12" in render(TOYS, step(TOYS, session, "1", STRANGER))


def test_a_letter_without_a_plain_form_counts_as_too_long() -> None:
    assert septets("😀") > LONGEST_SCREEN


def test_septets_count_the_prefix() -> None:
    assert septets("a" * (LONGEST_SCREEN - 4)) == LONGEST_SCREEN
    assert gsm.measure("CON " + "a" * 156).units == LONGEST_SCREEN


def test_every_turn_of_the_shipped_menu_renders_without_facts(screens: ScreenSet) -> None:
    facts: Facts = STRANGER
    for name in screens.table:
        assert render(screens, step(screens, Session(name, "en"), "1", facts))


def test_a_page_ends_with_a_sentence_where_it_is_half_full_by_then() -> None:
    sentence = " ".join(["word"] * 18) + "."
    first, *_ = leafed(Pages(say(" ".join([sentence] * 3)), LONG_LIST.options))
    assert first.splitlines()[0] == sentence
