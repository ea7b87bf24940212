"""Whoever a client chose to help her remember: with a yes and a number of her own, and neutral words only."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import and_, select, update

from service.actions import consent, numbers
from service.actions.compose import compose_for_supporter
from service.actions.fire import usual_link
from service.actions.ledger import withdraw
from service.actions.names import sealed_name
from service.domain.ids import new_id
from service.domain.message import Address, MessageClass
from service.domain.people import ConsentChannel, PersonKind, PhoneOwner
from service.domain.phone import Phone
from service.domain.reason import Reason
from service.domain.safety import SupporterText
from service.programme import Programme
from service.reminders.plan import Anchor, Step
from service.store import outbox
from service.store.models.messages import Message
from service.store.models.people import Person, PersonPhone
from service.store.models.safety import Supporter, SupporterAllowance
from service.store.records import client, consents_to, links_of
from service.store.transaction import Reading, Transaction
from service.store.waiting import Waiting

ASK: Final = "supporter_ask"
ANSWER_WITHIN: Final = timedelta(days=7)

LAST_REMINDER: Final = -1
"""The day, from the visit, of the reminder that the supporter gets too."""


class SupporterFault(StrEnum):
    """Why nobody was named, and what to do instead."""

    ONE_WAY = "Nobody can answer the texts of this line, so nobody can agree to them either."
    HAS_ONE = "She has a supporter already; end that first."
    HER_OWN_PHONE = "That is her own number. A supporter is somebody with another phone."


@dataclass(frozen=True)
class NewSupporter:
    """``may_hear`` is what the client allows, in her own words of the consent script."""

    client_id: UUID
    name: str = field(repr=False)
    phone: Phone = field(repr=False)
    language: str
    may_hear: frozenset[SupporterText]


def name_supporter(tx: Transaction, programme: Programme, new: NewSupporter) -> UUID | SupporterFault:
    """Note whom a client chose, and ask her at her own phone; nothing else goes there before she says yes."""
    if not programme.two_way:
        return SupporterFault.ONE_WAY
    if supporter_of(tx, new.client_id):
        return SupporterFault.HAS_ONE
    phone_id = numbers.note(tx, new.phone)
    if phone_id in {link.phone_id for link in links_of(tx, new.client_id)}:
        return SupporterFault.HER_OWN_PHONE
    supporter_id = _add(tx, new)
    numbers.link(tx, supporter_id, phone_id, PhoneOwner.OWN, None)
    words = compose_for_supporter(tx, programme, ASK, supporter_id, client(tx, new.client_id))
    asked = outbox.NewMessage(
        to=Address(supporter_id, phone_id, new.phone),
        words=words,
        message_class=MessageClass.C,
        not_before=tx.now,
        not_after=tx.now + ANSWER_WITHIN,
        site_id=client(tx, new.client_id).site_id,
    )
    outbox.put(tx, asked, f"supporter:{supporter_id}")
    tx.audit("name", "supporter", supporter_id)
    return supporter_id


def _add(tx: Transaction, new: NewSupporter) -> UUID:
    supporter_id = new_id()
    tx.add(
        Person,
        id=supporter_id,
        kind=PersonKind.SUPPORTER,
        name=sealed_name(tx, supporter_id, new.name),
        language=new.language,
        created_at=tx.now,
        actor=str(tx.actor),
    )
    who = {"client_id": new.client_id, "named_at": tx.now, "actor": str(tx.actor)}
    tx.add(Supporter, id=supporter_id, **who)
    for text in sorted(new.may_hear):
        tx.add(SupporterAllowance, supporter_id=supporter_id, text=text)
    return supporter_id


def supporter_of(reading: Reading, client_id: UUID) -> UUID | None:
    """The client's supporter, whether or not she has said yes."""
    now = and_(Supporter.client_id == client_id, Supporter.ended_at.is_(None))
    return reading.connection.scalar(select(Supporter.id).where(now))


def agree(tx: Transaction, phone_id: UUID) -> bool:
    """Take the yes of a supporter who was asked last at this phone; says whether there was one."""
    last = tx.connection.execute(
        select(Message.text_id, Message.person_id)
        .where(Message.phone_id == phone_id, Message.sent_at > tx.now - ANSWER_WITHIN)
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None or last.person_id is None or not last.text_id.startswith(ASK):
        return False
    numbers.confirm(tx, phone_id, "sms", last.person_id)
    return consent.record(tx, last.person_id, ConsentChannel.SMS, given=True, through="sms")


def end_support(tx: Transaction, supporter_id: UUID) -> bool:
    """Send nothing more to a supporter; ``False`` if that was so already."""
    ended = tx.connection.execute(
        update(Supporter)
        .where(Supporter.id == supporter_id, Supporter.ended_at.is_(None))
        .values(ended_at=tx.now)
    ).rowcount
    consent.hold_person(tx, supporter_id)
    withdraw(tx, Message.person_id == supporter_id, Reason.ENDED)
    hers = and_(PersonPhone.person_id == supporter_id, PersonPhone.until.is_(None))
    tx.connection.execute(update(PersonPhone).where(hers).values(until=tx.now))
    if ended:
        tx.audit("end", "supporter", supporter_id)
    return ended == 1


def put_beside(tx: Transaction, programme: Programme, hers: Waiting) -> None:
    """Put the date for the supporter beside the last reminder of it to the client, if both agreed to that."""
    step = programme.step(hers.plan or "", hers.step or "")
    supporter_id = supporter_of(tx, hers.person_id) if hers.person_id and _says_when(step) else None
    if supporter_id is None or hers.person_id is None or not _allowed(tx, supporter_id, SupporterText.DATE):
        return
    link, woman = usual_link(tx, supporter_id), client(tx, hers.person_id)
    if link is None or link.phone is None:
        return
    new = outbox.NewMessage(
        to=Address(supporter_id, link.phone_id, link.phone),
        words=compose_for_supporter(tx, programme, "supporter_date", supporter_id, woman, hers.speaks_of),
        message_class=MessageClass.R2,
        not_before=tx.now,
        not_after=hers.not_after,
        plan=hers.plan,
        step=hers.step,
        site_id=woman.site_id,
        ledger_id=hers.ledger_id,
        speaks_of=hers.speaks_of,
    )
    outbox.put(tx, new, f"supporter:{hers.ledger_id}:{hers.speaks_of}")


def _says_when(step: Step | None) -> bool:
    return step is not None and step.anchor is Anchor.VISIT and step.offset_days == LAST_REMINDER


def _allowed(reading: Reading, supporter_id: UUID, text: SupporterText) -> bool:
    allowance = and_(SupporterAllowance.supporter_id == supporter_id, SupporterAllowance.text == text)
    allowed = reading.connection.scalar(select(SupporterAllowance.id).where(allowance))
    return allowed is not None and consents_to(reading, supporter_id, ConsentChannel.SMS)
