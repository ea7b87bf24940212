"""Where a Mentor Mother begins: what waits, whom she looks for, and what came of what she did."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from service.domain.effects import Outcome
from service.domain.staff_effects import CloseCall, TakeTask
from service.domain.tasks import TaskKind
from service.menu.desk import Expected, Item
from service.menu.facts import Facts, Room
from service.menu.machine import OUTCOME
from service.menu.screen import Answer, Ask, End, Menu, NotUnderstood, Option, Pages, Parser, Say, Screen, say
from service.menu.screens.mine import cut_off
from service.menu.session import Session

NOBODY: Final = (("code", ""), ("task", ""))
"""Kept where she turns to somebody else."""

TODO: Final = Option(say("ussd.desk_todo"), "todo", keeps=NOBODY)
START: Final = Option(say("ussd.main_menu"), "desk", keeps=NOBODY)


def desk(session: Session, facts: Facts) -> Screen:
    """Danger that nobody has yet stands above everything else."""
    at_desk = facts.desk(session.inside)
    alarms = (_to(item, _alarm(item)) for item in at_desk.alerts())
    return Pages(
        say("ussd.desk", n=len(at_desk.todo())),
        (
            *alarms,
            TODO,
            Option(say("ussd.desk_find"), "find"),
            Option(say("ussd.desk_enrol"), "enrol_phone"),
            Option(say("ussd.desk_close"), "day_close_where"),
            Option(say("ussd.desk_week"), "week"),
            Option(say("ussd.desk_leave"), "leave_until"),
        ),
    )


def desk_back(_session: Session, _facts: Facts) -> Screen:
    return cut_off(Room.DESK)


def todo(session: Session, facts: Facts) -> Screen:
    items = facts.desk(session.inside).todo()
    if not items:
        return Menu(say("ussd.todo_none"), (START,))
    return Pages(say("ussd.todo"), tuple(_to(item, _line(item)) for item in items))


def _to(item: Item, label: Say) -> Option:
    kept = (("code", item.code), ("task", str(item.task or "")))
    return Option(label, "case" if item.code else "stranger", keeps=kept)


def _alarm(item: Item) -> Say:
    return say("ussd.desk_alert", c=item.code) if item.code else say("ussd.item_nobody")


def _line(item: Item) -> Say:
    if not item.code:
        return say("ussd.item_nobody")
    return say(f"ussd.item_{_WORDS.get(item.what, 'task')}", c=item.code)


_WORDS: Final[Mapping[TaskKind | Expected, str]] = {
    Expected.TODAY: "today",
    Expected.NOT_KNOWN: "came",
    TaskKind.DANGER: "danger",
    TaskKind.SAFETY: "word",
    TaskKind.NEW_DATE: "date",
    TaskKind.MISSED_VISIT: "missed",
    TaskKind.HOME_VISIT: "visit",
    TaskKind.VERIFY: "new",
    **dict.fromkeys((TaskKind.DID_SHE_COME, TaskKind.SAYS_ATTENDED), "came"),
    **dict.fromkeys((TaskKind.CHECK_NUMBER, TaskKind.WRONG_NUMBER), "number"),
    **dict.fromkeys(
        (
            TaskKind.TEST_OVERDUE,
            TaskKind.NEW_SAMPLE,
            TaskKind.CHASE_RESULT,
            TaskKind.GIVE_RESULT,
            TaskKind.SEE_AT_ONCE,
            TaskKind.ASK_WEANING,
            TaskKind.WEANED,
        ),
        "baby",
    ),
    **dict.fromkeys(
        (
            TaskKind.CALL_ME,
            TaskKind.NEEDS_HELP,
            TaskKind.HELP_ASKED,
            TaskKind.MEANT_DATE,
            TaskKind.NO_ANSWER,
            TaskKind.CALL_MISSED,
            TaskKind.READ_MESSAGE,
            TaskKind.SIDE_EFFECTS,
            TaskKind.MOOD,
            TaskKind.EARLY_REFILL,
            TaskKind.GOING_AWAY,
            TaskKind.LOSS,
            TaskKind.INTERRUPTION,
        ),
        "call",
    ),
}
"""The word that stands beside a code; anything else is a task to look up in the browser."""


def stranger(session: Session, facts: Facts) -> Screen:
    """Somebody without a code: her number is all there is."""
    task = session.answer("task")
    found = facts.desk(session.inside).stranger(UUID(task)) if task else None
    if found is None:
        return Menu(say("ussd.todo_none"), (START,))
    return Menu(
        say("ussd.stranger", p=found.number),
        (
            Option(say("ussd.have_it"), "noted", (TakeTask(found.task),)),
            Option(say("ussd.came_done"), "noted", (CloseCall(found.task),)),
        ),
    )


def find(session: Session, facts: Facts) -> Screen:
    return Ask(say("ussd.find"), "code", _a_client(session, facts), "case", example=EXAMPLE_CODE)


EXAMPLE_CODE: Final = "0000000"
"""As long as a code gets."""


def _a_client(session: Session, facts: Facts) -> Parser:
    def parse(typed: str) -> Answer | NotUnderstood:
        code = facts.desk(session.inside).find(typed)
        return Answer(code) if code else NotUnderstood(say("ussd.find_hint"))

    return parse


def week(session: Session, facts: Facts) -> Screen:
    done = facts.desk(session.inside).week()
    counts = say(
        "ussd.week_is", a=done.came, b=done.missed, t=done.contacts, e=done.enrolled, o=done.open_tasks
    )
    return Menu(counts, (TODO, START))


_SAID: Final = frozenset(Outcome) - {Outcome.PIN_TAKEN}


def noted(session: Session, _facts: Facts) -> Screen:
    """What came of it; ``OUTCOME`` is a word, and a code or count where the words have room for one."""
    told, _, value = session.answers.get(OUTCOME, "").partition(" ")
    word = told if told in _SAID else Outcome.DONE
    text = say(f"ussd.noted_{word}", c=value) if value else say(f"ussd.noted_{word}")
    code = value if word == "enrolled" else session.answers.get("code", "")
    back = (Option(say("ussd.back_to_her"), "case", keeps=(("code", code), ("task", ""))),) if code else ()
    again = (Option(say("ussd.another_name"), "enrol_again"),) if word == Outcome.NAME_TAKEN else ()
    return Menu(text, (*again, *back, TODO, START, Option(say("ussd.leave"), "bye")))


def bye(_session: Session, _facts: Facts) -> Screen:
    return End(say("ussd.thanks"))
