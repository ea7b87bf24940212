"""The menu as cards: every screen once, numbered as a reader meets them."""

from functools import cache

from service.menu.cards import Card, cards
from service.menu.imagined import callers
from service.menu.machine import ScreenSet
from service.menu.screens import menu
from service.texts import load
from tests.fakes import LANGUAGES


@cache
def drawn() -> tuple[Card, ...]:
    """The cards of the shipped menu, made by the first test that asks for them."""
    texts = load()
    return cards(menu(texts), callers(texts, {code: texts.name(code) for code in LANGUAGES}))


def numbered() -> dict[int, Card]:
    return {card.number: card for card in drawn()}


def first(screen: str) -> Card:
    return next(card for card in drawn() if card.sheet == (screen, 0))


def test_every_screen_has_a_card_in_every_language(screens: ScreenSet) -> None:
    assert {card.sheet.screen for card in drawn()} == set(screens.table)
    assert all(set(card.texts) == set(LANGUAGES) for card in drawn() if card.sheet.page == 0)


def test_the_first_screen_comes_first_and_the_numbers_have_no_gap(screens: ScreenSet) -> None:
    assert [card.number for card in drawn()] == list(range(1, len(drawn()) + 1))
    assert drawn()[0].sheet == (screens.home, 0)


def test_a_card_hangs_on_the_one_from_which_a_key_leads_to_it() -> None:
    for card in drawn():
        above = numbered().get(card.above or 0)
        if above:
            assert card.number in {link.to for link in above.links}
            assert ((card.keys or 0) > (above.keys or 0), above.number < card.number) == (True, True)


def test_only_the_first_screen_and_the_offer_to_whoever_was_cut_off_hang_on_none(screens: ScreenSet) -> None:
    hang_on_none = [card.sheet.screen for card in drawn() if card.above is None]
    assert hang_on_none == [screens.home, *sorted(filter(screens.is_offer, screens.table), reverse=True)]


def test_a_link_tells_what_it_causes() -> None:
    (going,) = (link for link in first("next_date").links if link.typed == "1")
    assert [effect.__name__ for effect in going.causes] == ["ConfirmVisit"]
    assert numbered()[going.to].ends


def test_what_a_card_shows_is_the_fullest_that_anybody_sees() -> None:
    assert len(first("other_day").links) == 4
