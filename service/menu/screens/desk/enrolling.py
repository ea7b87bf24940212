"""A new client, key by key: what is asked here is what a text needs before it may go to her.

Everything else can be written down later, in a browser. To have read the consent aloud is a part of it.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from service.domain.hours import HOURS, PartOfDay
from service.domain.people import ClientKind, ConsentChannel, PhoneOwner, Wording
from service.domain.staff_effects import Enrol
from service.menu.facts import Facts
from service.menu.screen import Ask, Menu, Option, Pages, Say, Screen, named, say
from service.menu.session import Session
from service.menu.typed import LONGEST_NAME, LONGEST_NUMBER, a_nickname, a_number, one_of


class Agreed(StrEnum):
    """What she said yes to, as one choice."""

    ALL = "all"
    SMS_CALL = "sms_call"
    SMS = "sms"
    CALL = "call"
    NONE = "none"


CONSENTS: Final = {
    Agreed.ALL: frozenset(ConsentChannel),
    Agreed.SMS_CALL: frozenset({ConsentChannel.SMS, ConsentChannel.CALL}),
    Agreed.SMS: frozenset({ConsentChannel.SMS}),
    Agreed.CALL: frozenset({ConsentChannel.CALL}),
    Agreed.NONE: frozenset[ConsentChannel](),
}


def enrol_phone(_session: Session, facts: Facts) -> Screen:
    return Ask(say("ussd.enrol_phone"), "number", a_number(facts), "enrol_name", example=LONGEST_NUMBER)


def enrol_name(_session: Session, facts: Facts) -> Screen:
    return _ask_name(facts, "enrol_kind")


def enrol_again(_session: Session, facts: Facts) -> Screen:
    """Another name for whoever could not be called so; everything else stays as it was typed."""
    return _ask_name(facts, "enrol_check")


def _ask_name(facts: Facts, goto: str) -> Ask:
    return Ask(say("ussd.enrol_name"), "nickname", a_nickname(facts), goto, example="W" * LONGEST_NAME)


def enrol_kind(_session: Session, _facts: Facts) -> Screen:
    return Pages(say("ussd.enrol_kind"), tuple(_choices("kind", ClientKind, "kind", "enrol_language")))


def enrol_language(_session: Session, facts: Facts) -> Screen:
    options = (
        Option(named(name), "enrol_owner", keeps=(("language", code),))
        for code, name in facts.languages().items()
    )
    return Pages(say("ussd.enrol_language"), tuple(options))


def enrol_owner(_session: Session, _facts: Facts) -> Screen:
    return Menu(say("ussd.enrol_owner"), tuple(_choices("owner", PhoneOwner, "owner", "enrol_consent")))


def enrol_consent(session: Session, _facts: Facts) -> Screen:
    """On a phone that is not hers alone no text says more than a date, so nobody is asked whether it may."""
    hers = one_of(PhoneOwner, session, "owner") is PhoneOwner.OWN
    goto = "enrol_wording" if hers else "enrol_hours"
    return Menu(say("ussd.enrol_consent"), tuple(_choices("consent", Agreed, "consent", goto)))


def enrol_wording(_session: Session, _facts: Facts) -> Screen:
    return Menu(
        say("ussd.enrol_wording"),
        (
            Option(say("ussd.yes"), "enrol_hours", keeps=(("wording", Wording.T1),)),
            Option(say("ussd.no"), "enrol_hours", keeps=(("wording", Wording.T0),)),
        ),
    )


def enrol_hours(_session: Session, _facts: Facts) -> Screen:
    return Menu(say("ussd.when_messages"), tuple(map(_part, PartOfDay)))


def _part(part: PartOfDay) -> Option:
    starts, ends = HOURS[part]
    label = say(f"ussd.{part}_hours", t1=starts.hour, t2=ends.hour)
    return Option(label, "enrol_check", keeps=(("hours", part),))


def enrol_check(session: Session, _facts: Facts) -> Screen:
    owner = one_of(PhoneOwner, session, "owner")
    enrol = Enrol(
        number=session.answer("number"),
        nickname=session.answer("nickname"),
        kind=one_of(ClientKind, session, "kind"),
        language=session.answer("language"),
        owner=owner,
        consents=CONSENTS[one_of(Agreed, session, "consent")],
        wording=one_of(Wording, session, "wording") if owner is PhoneOwner.OWN else Wording.T0,
        hours=one_of(PartOfDay, session, "hours"),
    )
    asked = say("ussd.enrol_check", n=enrol.nickname, p=enrol.number)
    return Menu(asked, (Option(say("ussd.yes"), "noted", (enrol,)), Option(say("ussd.no"), "enrol_phone")))


def _choices(labels: str, values: Iterable[StrEnum], name: str, goto: str) -> Iterable[Option]:
    return (Option(_label(labels, value), goto, keeps=((name, value.value),)) for value in values)


def _label(labels: str, value: StrEnum) -> Say:
    return say(f"ussd.{labels}_{value}")
