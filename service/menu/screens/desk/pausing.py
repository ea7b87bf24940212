"""What stops the texts to a client: a loss, a move to another site, a number that is wrong, a disclosure."""

from typing import Final
from uuid import UUID

from service.domain.effects import Effect
from service.domain.safety import LossKind
from service.domain.staff_effects import NoteDisclosure, NoteLoss, NoteWrongNumber, OfferTransfer
from service.menu.facts import Facts
from service.menu.screen import Answer, Ask, Menu, NotUnderstood, Option, Pages, Parser, Screen, named, say
from service.menu.screens.desk.case import GONE
from service.menu.session import Session
from service.menu.typed import id_of, one_of

_LOSSES: Final = (
    LossKind.PREGNANCY_LOSS,
    LossKind.STILLBIRTH,
    LossKind.INFANT_DEATH,
    LossKind.MATERNAL_DEATH,
)
_NUMBER: Final = "number"
_SEEN: Final = "seen"


def pause_why(_session: Session, _facts: Facts) -> Screen:
    losses = (
        Option(
            say(f"ussd.pause_{kind}"),
            "pause_which" if kind is LossKind.INFANT_DEATH else "pause_check",
            keeps=(("why", kind), ("baby_id", "")),
        )
        for kind in _LOSSES
    )
    others = (
        Option(say(f"ussd.pause_{why}"), "pause_check", keeps=(("why", why),)) for why in (_NUMBER, _SEEN)
    )
    return Pages(say("ussd.pause_why"), (*losses, Option(say("ussd.pause_move"), "move_where"), *others))


def pause_which(session: Session, facts: Facts) -> Screen:
    found = facts.desk(session.inside).case(session.answer("code"))
    if found is None or not found.children:
        return GONE
    children = (one.child for one in found.children)
    options = (
        Option(named(child.nickname), "pause_check", keeps=(("baby_id", str(child.id)),))
        for child in children
    )
    return Pages(say("ussd.pause_which"), tuple(options))


def pause_check(session: Session, _facts: Facts) -> Screen:
    yes = Option(say("ussd.yes"), "noted", (_effect(session),))
    return Menu(say("ussd.pause_check", c=session.answer("code")), (yes, Option(say("ussd.no"), "case")))


def _effect(session: Session) -> Effect:
    code, why = session.answer("code"), session.answer("why")
    if why == _NUMBER:
        return NoteWrongNumber(code)
    if why == _SEEN:
        return NoteDisclosure(code)
    infant = session.answers.get("baby_id")
    return NoteLoss(code, one_of(LossKind, session, "why"), UUID(infant) if infant else None)


def move_where(session: Session, facts: Facts) -> Screen:
    return Ask(say("ussd.move_where"), "beginning", _a_beginning(session, facts), "move_which", example="Ha")


def _a_beginning(session: Session, facts: Facts) -> Parser:
    def parse(typed: str) -> Answer | NotUnderstood:
        found = facts.desk(session.inside).sites_like(typed)
        return Answer(typed) if found else NotUnderstood(say("ussd.move_hint"))

    return parse


def move_which(session: Session, facts: Facts) -> Screen:
    found = facts.desk(session.inside).sites_like(session.answer("beginning"))
    options = (Option(named(site.name), "move_check", keeps=(("site", str(site.id)),)) for site in found)
    return Pages(say("ussd.move_which"), (*options, Option(say("ussd.no"), "case")))


def move_check(session: Session, _facts: Facts) -> Screen:
    code = session.answer("code")
    yes = Option(say("ussd.yes"), "noted", (OfferTransfer(code, id_of(session, "site")),))
    return Menu(say("ussd.save_check", c=code), (yes, Option(say("ussd.no"), "case")))
