"""The engine, key-press by key-press."""

from dataclasses import replace
from datetime import date

import pytest

from service.domain.effects import AskForCall, AskNewDay, ConfirmVisit, ReportDanger, StopMessages
from service.menu.answering import LONGEST_ANSWER
from service.menu.facts import Facts, NextVisit
from service.menu.machine import (
    EARLIER,
    GIVE_UP,
    MOST_TOKENS,
    OUTCOME,
    ScreenSet,
    Turn,
    begin,
    carried_out,
    redial,
    replay,
    resumable,
    step,
)
from service.menu.screen import End, Menu, Option, Screen, say
from service.menu.session import Session
from tests.fakes import A_DAY, A_VISIT, MENTOR, MOTHER, OTHER_DAYS, PIN, SHARED_PHONE, STRANGER
from tests.menu.toys import TOYS, with_screens


def press(screens: ScreenSet, *keys: str, facts: Facts = STRANGER) -> Turn:
    turn = begin(screens, facts)
    for key in keys:
        turn = step(screens, Session.from_stored(turn.session.to_stored()), key, facts)
    return turn


def inside(*keys: str) -> Turn:
    """The keys of a member of staff who has typed her PIN."""
    return press(TOYS, "3", PIN, *keys, facts=MENTOR)


def where(turn: Turn) -> str:
    return turn.session.screen


# --- answers ---------------------------------------------------------------------------------------------


def test_an_option_leads_on_and_causes_what_it_says(screens: ScreenSet) -> None:
    turn = press(screens, "1", "1", facts=MOTHER)
    assert (where(turn), turn.effects) == ("date_confirmed", (ConfirmVisit(A_VISIT),))


def test_an_answer_is_kept_for_the_screens_that_follow() -> None:
    turn = press(TOYS, "1", "thabo")
    assert turn.screen == Menu(say("sure?", name="Thabo"), (Option(say("yes"), "done", (AskForCall(),)),))


def test_spaces_around_an_answer_do_not_matter() -> None:
    assert where(press(TOYS, " 1 ")) == "name"
    assert press(TOYS, "1", " thabo\n").session.answers == {"name": "Thabo"}


def test_a_question_says_what_it_did_not_understand() -> None:
    turn = press(TOYS, "1", "12")
    assert (where(turn), turn.hint) == ("name", say("letters only"))


@pytest.mark.parametrize("typed", ["x" * (LONGEST_ANSWER + 1), "a\0b", "a\nb", "\ud800", "☺"])
def test_what_no_screen_could_show_again_never_reaches_a_parser(typed: str) -> None:
    turn = press(TOYS, "1", typed)
    assert (where(turn), turn.hint) == ("name", say("ussd.type_again"))


@pytest.mark.parametrize("typed", ["", " ", "9", "-1", "1.", "1*1", "²", "١", "\0", "x" * 10_000, "0" * 50])
def test_what_is_no_option_shows_the_same_screen_with_a_hint(typed: str) -> None:
    before, turn = press(TOYS), press(TOYS, typed)
    assert (turn.screen, turn.hint, turn.effects) == (before.screen, say("ussd.choose"), ())


def test_the_third_mistake_in_a_row_ends_politely() -> None:
    assert press(TOYS, "9", "9").screen != GIVE_UP
    assert press(TOYS, "9", "9", "9").screen == GIVE_UP


def test_a_good_answer_wipes_out_the_mistakes_before_it() -> None:
    assert press(TOYS, "9", "9", "1", "9").screen != GIVE_UP


def test_nothing_happens_after_the_end() -> None:
    turn = press(TOYS, "2", "1")
    assert isinstance(turn.screen, End) and turn.effects
    again = step(TOYS, turn.session, "1", STRANGER)
    assert (again.screen, again.effects) == (turn.screen, ())


def test_the_language_that_she_chose_is_spoken_at_once(screens: ScreenSet) -> None:
    assert press(screens, "5", "4", "1", "2").session.language == "st"


# --- zero ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", [(), ("1",), ("1", "thabo"), ("2",), ("2", "5")])
def test_zero_leads_a_client_home_and_forgets_her_answers(keys: tuple[str, ...]) -> None:
    turn = press(TOYS, *keys, "0")
    assert turn.session == begin(TOYS, STRANGER).session


def test_zero_leads_staff_one_step_back() -> None:
    assert where(inside("1", "1")) == "desk_one"
    assert where(inside("1", "1", "0")) == "desk_list"
    assert where(inside("1", "1", "0", "0")) == "desk"
    assert where(inside("1", "1", "0", "0", "0")) == "home"


def test_zero_leads_staff_back_to_the_page_before() -> None:
    turn = inside("1", "5", "0")
    assert (where(turn), turn.session.page) == ("desk_list", 0)


def test_every_screen_begins_at_its_first_page() -> None:
    turn = inside("1", "5", "1")
    assert (where(turn), turn.session.page) == ("desk_one", 0)


def test_a_long_way_does_not_make_a_long_session() -> None:
    def loop(_session: Session, _facts: Facts) -> Screen:
        return Menu(say("loop"), (Option(say("on"), "loop"),))

    turn = press(with_screens(home=loop, loop=loop), *["1"] * 500)
    assert len(turn.session.to_stored()) < 1000


# --- what she last saw -----------------------------------------------------------------------------------


def test_an_answer_to_a_screen_that_has_changed_counts_for_nothing(screens: ScreenSet) -> None:
    asked = press(screens, "1", facts=MOTHER)
    moved = replace(MOTHER, visit=NextVisit(A_VISIT, date(2026, 12, 24)))
    turn = step(screens, asked.session, "1", moved)
    assert (where(turn), turn.effects) == ("next_date", ())
    assert step(screens, turn.session, "1", moved).effects == (ConfirmVisit(A_VISIT),)


def test_offered_days_that_have_changed_are_shown_before_one_is_taken(screens: ScreenSet) -> None:
    asked = press(screens, "1", "2", facts=MOTHER)
    later = replace(MOTHER, days=OTHER_DAYS[1:])
    turn = step(screens, asked.session, "1", later)
    assert turn.effects == ()
    assert step(screens, turn.session, "1", later).effects == (AskNewDay(A_VISIT, OTHER_DAYS[1]),)


def test_a_date_that_is_gone_cannot_be_confirmed(screens: ScreenSet) -> None:
    asked = press(screens, "1", facts=MOTHER)
    assert step(screens, asked.session, "1", STRANGER).effects == ()


def test_a_screen_that_a_release_removed_starts_at_home() -> None:
    turn = step(TOYS, Session("long_gone", "en"), "1", STRANGER)
    assert (where(turn), turn.effects, turn.hint) == ("home", (), None)


def test_an_option_that_leads_nowhere_starts_at_home() -> None:
    def broken(_session: Session, _facts: Facts) -> Screen:
        return Menu(say("broken"), (Option(say("on"), "nowhere"),))

    assert where(press(with_screens(name=broken), "1", "1")) == "home"


def test_a_language_that_a_release_removed_is_spoken_no_more(screens: ScreenSet) -> None:
    """Neither on the next screen nor when an earlier session is taken up."""
    asked = replace(press(screens, "1", facts=MOTHER).session, language="xx")
    assert step(screens, asked, "1", MOTHER).session.language == "en"
    offer = redial(screens, asked, MOTHER)
    assert offer.session.language == "en"
    assert step(screens, offer.session, "1", MOTHER).session.language == "en"


def test_zero_leads_home_even_when_the_screen_has_changed(screens: ScreenSet) -> None:
    asked = press(screens, "1", facts=MOTHER)
    assert where(step(screens, asked.session, "0", STRANGER)) == "home"


# --- a dropped session -----------------------------------------------------------------------------------


def test_a_dropped_session_is_offered_and_taken_up_with_its_answers() -> None:
    dropped = press(TOYS, "1", "thabo").session
    offer = redial(TOYS, dropped, STRANGER)
    assert (where(offer), offer.effects) == ("welcome_back", ())
    resumed = step(TOYS, Session.from_stored(offer.session.to_stored()), "1", STRANGER)
    assert (resumed.session, resumed.effects) == (dropped, ())


def test_a_dropped_session_can_be_left_for_a_new_one() -> None:
    offer = redial(TOYS, press(TOYS, "1", "thabo").session, STRANGER)
    assert step(TOYS, offer.session, "2", STRANGER) == begin(TOYS, STRANGER)


def test_an_offer_that_drops_is_made_again() -> None:
    dropped = press(TOYS, "1").session
    offer = redial(TOYS, dropped, STRANGER)
    again = redial(TOYS, offer.session, STRANGER)
    assert again == offer


@pytest.mark.parametrize("keys", [(), ("2", "1")])
def test_home_and_the_end_are_never_taken_up(keys: tuple[str, ...]) -> None:
    dropped = press(TOYS, *keys).session
    assert not resumable(TOYS, dropped, STRANGER)
    assert redial(TOYS, dropped, STRANGER) == begin(TOYS, STRANGER)


@pytest.mark.parametrize("keys", [(), ("1",), ("1", "5"), ("1", "1")])
def test_what_is_behind_the_pin_is_never_taken_up_without_it(keys: tuple[str, ...]) -> None:
    dropped = inside(*keys).session
    again = redial(TOYS, dropped, MENTOR)
    assert (again.screen, again.effects) == (begin(TOYS, MENTOR).screen, ())


def test_a_private_screen_stays_closed_even_if_an_old_offer_led_there() -> None:
    offer = Session("welcome_back", "en", earlier=inside("1").session)
    assert redial(TOYS, offer, MENTOR).screen == begin(TOYS, MENTOR).screen


# --- behind the door -------------------------------------------------------------------------------------


def test_a_right_pin_opens_the_door() -> None:
    assert where(inside()) == "desk"


def test_a_pin_may_be_typed_on_the_first_screen() -> None:
    assert where(press(TOYS, PIN, facts=MENTOR)) == "desk"


@pytest.mark.parametrize("pin", ["7290", "1", "729", "72911111", "seven", "", " "])
def test_a_wrong_pin_is_answered_as_that_of_a_number_that_nobody_knows(pin: str) -> None:
    assert press(TOYS, "3", pin, facts=MENTOR) == press(TOYS, "3", pin, facts=STRANGER)
    assert press(TOYS, pin, facts=MENTOR) == press(TOYS, pin, facts=STRANGER)
    assert press(TOYS, "3", pin).hint == say("ussd.wrong_pin")


def test_the_pin_is_not_in_the_session() -> None:
    assert PIN not in inside("1").session.to_stored()


def test_a_session_that_says_it_is_inside_is_believed_only_while_she_may_be_there() -> None:
    session = inside("1").session
    assert where(step(TOYS, session, "1", MENTOR)) == "desk_one"
    assert where(step(TOYS, session, "1", STRANGER)) == "home"


def test_without_a_pin_no_private_screen_is_drawn() -> None:
    assert where(step(TOYS, Session("desk_list", "en"), "1", MENTOR)) == "home"


def test_a_dial_string_opens_no_door() -> None:
    assert where(replayed(TOYS, "3", PIN)) == "door"
    assert where(replay(TOYS, begin(TOYS, MENTOR).session, ("3", PIN, "1"), MENTOR)) == "door"
    assert where(replay(TOYS, begin(TOYS, MENTOR).session, (PIN, "1"), MENTOR)) == "home"


def dropped_and_signed_in(*keys: str) -> Turn:
    """She dropped after these keys, dialled again and typed her PIN."""
    again = redial(TOYS, inside(*keys).session, MENTOR)
    return step(TOYS, Session.from_stored(again.session.to_stored()), PIN, MENTOR)


def test_whoever_types_her_pin_again_may_go_on_where_she_was() -> None:
    offer = dropped_and_signed_in("1", "3")
    assert where(offer) == "desk_back"
    resumed = step(TOYS, offer.session, "1", MENTOR)
    assert resumed.screen == inside("1", "3").screen
    assert where(step(TOYS, resumed.session, "0", MENTOR)) == "desk_list"


def test_she_may_begin_again_instead() -> None:
    assert where(step(TOYS, dropped_and_signed_in("1", "3").session, "2", MENTOR)) == "desk"
    assert where(step(TOYS, dropped_and_signed_in("1", "3").session, "0", MENTOR)) == "desk"


@pytest.mark.parametrize("keys", [(), ("1", "1", "1")])
def test_where_nothing_is_unfinished_nothing_is_offered(keys: tuple[str, ...]) -> None:
    assert where(dropped_and_signed_in(*keys)) == "desk"


def test_somebody_else_at_the_phone_is_not_offered_what_another_left() -> None:
    theirs = replace(inside("1").session, inside="another")
    again = redial(TOYS, theirs, MENTOR)
    assert where(step(TOYS, again.session, PIN, MENTOR)) == "desk"


def test_a_screen_that_lacks_an_answer_leads_home() -> None:
    session = replace(inside("1", "3").session, answers={})
    assert where(step(TOYS, session, "1", MENTOR)) == "home"


def test_the_screen_that_follows_an_effect_may_say_what_came_of_it() -> None:
    told = with_screens(done=lambda session, _facts: End(say(session.answers.get(OUTCOME, "nothing"))))
    turn = step(told, press(told, "2").session, "1", STRANGER)
    assert carried_out(told, turn, "much", STRANGER).screen == End(say("much"))
    assert carried_out(told, turn, "much", STRANGER).effects == turn.effects


def test_a_session_of_a_removed_screen_is_not_offered() -> None:
    assert not resumable(TOYS, Session("long_gone", "en"), STRANGER)


def test_after_too_many_mistakes_a_redial_takes_her_on() -> None:
    gave_up = press(TOYS, "1", "thabo", "9", "9", "9")
    assert gave_up.screen == GIVE_UP
    assert resumable(TOYS, gave_up.session, STRANGER)


def test_a_resumed_screen_shows_what_is_true_now(screens: ScreenSet) -> None:
    dropped = press(screens, "1", facts=MOTHER).session
    offer = redial(screens, dropped, SHARED_PHONE)
    resumed = step(screens, offer.session, "1", SHARED_PHONE)
    assert resumed.screen == press(screens, "1", facts=STRANGER).screen


def test_going_on_with_nothing_to_go_on_with_stays_put() -> None:
    def lost(_session: Session, _facts: Facts) -> Screen:
        return Menu(say("lost"), (Option(say("go on"), EARLIER),))

    assert where(press(with_screens(name=lost), "1", "1")) == "name"


# --- answers in the dial string --------------------------------------------------------------------------


def replayed(screens: ScreenSet, *tokens: str) -> Turn:
    return replay(screens, begin(screens, MOTHER).session, tokens, MOTHER)


def test_answers_in_the_dial_string_cause_what_they_would_one_by_one(screens: ScreenSet) -> None:
    at_once, one_by_one = replayed(screens, "1", "1"), press(screens, "1", "1", facts=MOTHER)
    assert at_once == one_by_one


def test_a_dial_string_gathers_the_effects_of_all_its_answers(screens: ScreenSet) -> None:
    assert [type(effect).__name__ for effect in replayed(screens, "3", "1", "1").effects] == [
        "NotWell",
        "ReportDanger",
    ]


def test_an_answer_that_does_not_fit_stops_the_dial_string(screens: ScreenSet) -> None:
    turn = replayed(screens, "1", "7", "1")
    assert turn == press(screens, "1", facts=MOTHER)


def test_nothing_follows_the_end_in_a_dial_string(screens: ScreenSet) -> None:
    assert replayed(screens, "2", "5", "1").effects == (AskForCall(),)


def test_an_endless_dial_string_is_cut() -> None:
    tokens = ["2", "0"] * (MOST_TOKENS // 2) + ["2", "1"]
    assert where(replayed(TOYS, *tokens)) == "home"


# --- promises of the shipped menu ------------------------------------------------------------------------


@pytest.mark.parametrize("facts", [STRANGER, SHARED_PHONE], ids=["unknown", "shared"])
@pytest.mark.parametrize("keys", [(), ("1",), ("2",), ("3",), ("3", "1"), ("4",), ("5",), ("5", "1")])
def test_an_unknown_number_and_a_shared_phone_see_the_same(
    screens: ScreenSet, facts: Facts, keys: tuple[str, ...]
) -> None:
    nothing_to_show = replace(MOTHER, visit=None)
    assert press(screens, *keys, facts=facts).screen == press(screens, *keys, facts=nothing_to_show).screen


def test_the_first_screen_is_the_same_for_everybody(screens: ScreenSet) -> None:
    assert begin(screens, MOTHER) == begin(screens, STRANGER)


@pytest.mark.parametrize("who", ["1", "2"])
@pytest.mark.parametrize("signs", [("1",), ("2", "1")])
def test_a_yes_to_any_danger_sign_gives_the_advice_at_once(
    screens: ScreenSet, who: str, signs: tuple[str, ...]
) -> None:
    turn = press(screens, "3", who, *signs)
    assert where(turn) == "go_now"
    assert [type(effect) for effect in turn.effects] == [ReportDanger]


def test_stopping_takes_two_keys(screens: ScreenSet) -> None:
    assert press(screens, "4", "1").effects == (StopMessages(),)


def test_the_next_date_takes_one_key(screens: ScreenSet) -> None:
    screen = press(screens, "1", facts=MOTHER).screen
    assert isinstance(screen, Menu) and screen.text == say("ussd.date_is", d=A_DAY)
