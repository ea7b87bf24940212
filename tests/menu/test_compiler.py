"""The screen compiler finds nothing wrong with the shipped menu, and everything with bad ones."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from service.domain.effects import AskForCall, ConfirmVisit, SetSafeTimes, StopMessages
from service.domain.people import Wording
from service.menu.compiler import Problem, key_presses, problems
from service.menu.facts import Facts
from service.menu.goals import GOALS, Goal
from service.menu.imagined import callers
from service.menu.machine import GIVE_UP, ScreenSet
from service.menu.screen import Ask, End, Menu, Option, Pages, Screen, named, say
from service.menu.session import Session
from service.menu.walk import walk
from service.texts import Texts
from tests.fakes import LANGUAGES, MENTOR, MOTHER, STRANGER, PlainWords
from tests.menu.toys import TOYS, a_name, with_screens

ON = (Option(say("on"), "done"),)


def refuse_hiv(text: str, tier: Wording) -> Sequence[str]:
    return ("HIV",) if "HIV" in text or (tier is Wording.T0 and "health" in text) else ()


def faults(screens: ScreenSet, goals: Sequence[Goal] = ()) -> list[Problem]:
    return problems(screens, [MENTOR], refuse_hiv, goals)


def faults_of(screen: Screen) -> set[str]:
    """What is said of a screen that stands in the place of ``list``."""
    found = faults(with_screens(list=lambda _session, _facts: screen))
    assert {problem.screen for problem in found} <= {"list"}
    return {problem.what.split(":")[0] for problem in found}


def test_the_shipped_menu_has_no_fault(screens: ScreenSet, texts: Texts) -> None:
    languages = {code: texts.name(code) for code in texts.languages}
    assert problems(screens, callers(texts, languages), texts.gate.hits, GOALS) == []


def test_the_toys_have_no_fault() -> None:
    assert faults(TOYS) == []


def test_a_screen_that_is_too_long_is_found() -> None:
    assert faults_of(Menu(say("x" * 150), ON)) == {
        "It takes 171 septets; 160 fit",
        "It takes 178 septets; 160 fit",
    }


def test_a_screen_that_is_too_long_only_under_a_hint_is_found() -> None:
    assert faults_of(Menu(say("x" * 137), ON)) == {"It takes 165 septets; 160 fit"}


def test_last_words_after_too_many_mistakes_that_are_too_long_are_found() -> None:
    class Talkative(PlainWords):
        def say(self, key: str, language: str, **fields: str) -> str:
            return "x" * 200 if key == GIVE_UP.text.key else super().say(key, language, **fields)

    found = faults(replace(TOYS, words=Talkative()))
    assert {problem.what.split(":")[0] for problem in found} == {"It takes 204 septets; 160 fit"}


def test_letters_that_have_no_plain_form_are_found() -> None:
    assert faults_of(End(say("☺"))) == {"It needs letters that are not in GSM-7"}


def test_too_many_options_are_found() -> None:
    assert "It has 6 options; at most 5 are allowed." in faults_of(Menu(say("a"), ON * 6))


@pytest.mark.parametrize("screen", [Menu(say("a"), ()), Pages(say("a"))])
def test_a_screen_without_an_answer_is_found(screen: Screen) -> None:
    assert faults_of(screen) == {"It offers no answer.", "No answer here leads to an end."}


def test_an_answer_that_leads_nowhere_is_found() -> None:
    screen = Menu(say("a"), (Option(say("on"), "nowhere"),))
    assert faults_of(screen) == {"An answer leads to 'nowhere', which does not exist."}


def test_a_question_that_leads_nowhere_is_found() -> None:
    screen = Ask(say("a"), "a", a_name, "nowhere", example="Thabo")
    assert faults_of(screen) == {"An answer leads to 'nowhere', which does not exist."}


def test_a_question_that_refuses_its_own_example_is_found() -> None:
    screen = Ask(say("a"), "a", a_name, "done", example="123")
    assert faults_of(screen) == {"It does not take its own example.", "No answer here leads to an end."}


def test_a_circle_without_an_end_is_found() -> None:
    screen = Menu(say("a"), (Option(say("on"), "list"),))
    assert faults_of(screen) == {"No answer here leads to an end."}


def test_a_refused_word_is_found() -> None:
    assert faults_of(End(say("about HIV"))) == {"It says 'HIV', which T0 refuses."}


def test_a_refused_word_in_a_value_is_found() -> None:
    assert faults_of(End(named("HIV"))) == {"It says 'HIV', which T0 refuses."}


def test_only_a_frank_screen_may_name_where_help_is() -> None:
    screens = with_screens(done=lambda _session, _facts: End(say("go to the health centre")))
    assert [problem.screen for problem in faults(screens)] == ["done"]
    assert faults(replace(screens, frank=frozenset({"done"}))) == []


def test_even_a_frank_screen_may_not_say_everything() -> None:
    screens = with_screens(done=lambda _session, _facts: End(say("about HIV")))
    found = faults(replace(screens, frank=frozenset({"done"})))
    assert found == [Problem("done", "en", "It says 'HIV', which T1 refuses.")]


def test_a_screen_that_nothing_leads_to_is_found() -> None:
    found = faults(with_screens(island=lambda _session, _facts: End(say("sand"))))
    assert found == [Problem("island", "", "No answer leads here.")]


def test_a_name_without_a_screen_is_found() -> None:
    found = faults(replace(TOYS, home="hearth", private=frozenset({"safe"})))
    assert [problem.screen for problem in found] == ["hearth", "safe"]


def test_a_goal_that_takes_too_many_keys_is_found() -> None:
    found = faults(TOYS, [Goal("be called", AskForCall, 1)])
    assert [problem.what for problem in found] == ["To be called takes 2 keys; at most 1 are allowed."]


def test_a_goal_that_nobody_reaches_is_found() -> None:
    assert [problem.what for problem in faults(TOYS, [Goal("stop", StopMessages, 9)])] == ["Nobody can stop."]


def test_every_fault_is_found_for_the_caller_who_meets_it() -> None:
    def only_for_mothers(_session: Session, facts: Facts) -> Screen:
        return Menu(say("a"), ON * 6) if facts.next_visit() else Menu(say("a"), ON)

    screens = with_screens(list=only_for_mothers)
    assert faults(screens) == []
    assert problems(screens, [MENTOR, MOTHER], refuse_hiv, ())


def test_every_language_on_offer_is_walked(screens: ScreenSet) -> None:
    assert {place.language for place in walk(screens, STRANGER).stops} == set(LANGUAGES)


def test_key_presses_are_counted_from_the_first_screen(screens: ScreenSet) -> None:
    walks = [walk(screens, MOTHER)]
    counted = {goal.met_by: key_presses(walks, goal) for goal in GOALS}
    assert counted["next_date"] == 1
    assert counted[ConfirmVisit] == 2
    assert counted[StopMessages] == 2
    assert counted[SetSafeTimes] == 4


def test_the_imagined_callers_have_the_longest_dates(texts: Texts) -> None:
    mother = next(facts for facts in callers(texts, {"st": "Sesotho"}) if facts.days)
    assert max(len(texts.day(day, "st")) for day in mother.days) == len("Labohlano 22 Mots'eanong")
