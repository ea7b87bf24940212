"""A call or visit to a client, and what came of it in the code lists of the WHO (HIV.H)."""

from typing import Final
from uuid import UUID

from service.domain.staff_effects import NoteContact
from service.domain.tasks import FollowUpMethod, FollowUpOutcome
from service.menu.facts import Facts
from service.menu.screen import Menu, Option, Pages, Screen, say
from service.menu.session import Session
from service.menu.typed import one_of

_METHODS: Final = (FollowUpMethod.PHONE, FollowUpMethod.HOME_VISIT, FollowUpMethod.TEXT)

_OUTCOMES: Final = (
    FollowUpOutcome.DONE,
    None,
    FollowUpOutcome.RETURNING,
    FollowUpOutcome.MOVED,
    FollowUpOutcome.TRANSFERRED,
    FollowUpOutcome.HOSPITALISED,
    FollowUpOutcome.REFUSED,
    FollowUpOutcome.NOT_LOCATED,
    FollowUpOutcome.DIED,
)
"""Without one she was sought and not reached. The most frequent stand first."""


def contact_how(_session: Session, _facts: Facts) -> Screen:
    options = (
        Option(say(f"ussd.how_{method}"), "contact_what", keeps=(("method", method.value),))
        for method in _METHODS
    )
    return Menu(say("ussd.contact_how"), tuple(options))


def contact_what(session: Session, _facts: Facts) -> Screen:
    code, method = session.answer("code"), one_of(FollowUpMethod, session, "method")
    task = session.answers.get("task")
    return Pages(
        say("ussd.contact_what"),
        tuple(
            Option(
                say(f"ussd.came_{outcome or 'tried'}"),
                "noted",
                (NoteContact(code, method, outcome, UUID(task) if task else None),),
            )
            for outcome in _OUTCOMES
        ),
    )
