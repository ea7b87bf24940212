"""One client on her Mentor Mother's phone: her date, and everything that can be done for her."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from service.domain.people import ClientState
from service.domain.staff_effects import LetChoosePin, MarkVisit, SendReminder, TakeTask, TextsAgain, Verify
from service.domain.tasks import Trouble
from service.menu.desk import Case
from service.menu.facts import Facts
from service.menu.screen import Menu, Option, Pages, Say, Screen, say
from service.menu.screens.desk.start import START, TODO
from service.menu.session import Session

GONE: Final = Menu(say("ussd.find_hint"), (TODO, START))
"""She is no longer in the care of whoever looks."""


def case(session: Session, facts: Facts) -> Screen:
    found = _case(session, facts)
    if found is None:
        return GONE
    word = (Option(say("ussd.her_word"), "her_word"),) if _word(session, facts) else ()
    return Pages(_about(found), (*word, *_options(found)))


def her_word(session: Session, facts: Facts) -> Screen:
    word = _word(session, facts)
    back = (Option(say("ussd.back_to_her"), "case"),)
    return Menu(say("ussd.her_word_is", n=word), back) if word else GONE


def _word(session: Session, facts: Facts) -> str | None:
    task = session.answers.get("task")
    return facts.desk(session.inside).code_word(UUID(task)) if task else None


def _case(session: Session, facts: Facts) -> Case | None:
    return facts.desk(session.inside).case(session.answer("code"))


def _about(found: Case) -> Say:
    if found.to_mark:
        return say("ussd.case_expected", c=found.code, n=found.nickname, d=found.to_mark.day)
    if found.next_day:
        return say("ussd.case_next", c=found.code, n=found.nickname, d=found.next_day)
    return say("ussd.case_none", c=found.code, n=found.nickname)


def _options(found: Case) -> Iterator[Option]:
    """What is most likely wanted stands first."""
    if found.alert:
        yield Option(say("ussd.have_it"), "noted", (TakeTask(found.alert),))
    if found.state is ClientState.PENDING:
        yield Option(say("ussd.verify"), "verify_check")
    if found.to_mark:
        yield Option(say("ussd.she_came"), "noted", (MarkVisit(found.to_mark.id, came=True),))
    if found.to_mark and not found.to_mark.missed:
        yield Option(say("ussd.she_missed"), "miss_why")
    yield Option(say("ussd.new_day"), "day_new")
    yield Option(say("ussd.remind_now"), "noted", (SendReminder(found.code),))
    yield Option(say("ussd.contacted"), "contact_how")
    yield Option(say("ussd.her_baby"), "baby_which")
    yield Option(say("ussd.pause"), "pause_why")
    yield Option(say("ussd.let_choose_pin"), "noted", (LetChoosePin(found.code),))
    if found.state is ClientState.MUTED:
        yield Option(say("ussd.texts_again"), "noted", (TextsAgain(found.code),))


_WHY: Final = (
    Trouble.FORGOT,
    Trouble.BUSY,
    Trouble.TRAVEL_COST,
    Trouble.DISTANCE,
    Trouble.TOO_ILL,
    Trouble.CHANGE_OF_ROUTINE,
    Trouble.OTHER,
)
"""Of the WHO's reasons those that can be said of a visit on a screen that others may see."""


def miss_why(session: Session, facts: Facts) -> Screen:
    found = _case(session, facts)
    if found is None or found.to_mark is None:
        return GONE
    visit_id = found.to_mark.id
    unknown = Option(say("ussd.why_not_said"), "noted", (MarkVisit(visit_id, came=False),))
    known = (Option(say(f"ussd.why_{why}"), "noted", (MarkVisit(visit_id, False, why),)) for why in _WHY)
    return Pages(say("ussd.miss_why"), (unknown, *known))


def verify_check(session: Session, _facts: Facts) -> Screen:
    code = session.answer("code")
    yes = Option(say("ussd.yes"), "noted", (Verify(code),))
    return Menu(say("ussd.save_check", c=code), (yes, Option(say("ussd.no"), "case")))
