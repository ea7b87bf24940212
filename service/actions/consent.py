"""What people agree to. Every yes and no is a row of its own."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, not_, or_, select, update

from service.actions.announce import Fact, announce
from service.actions.ledger import withdraw
from service.domain.message import MessageClass
from service.domain.news import Event
from service.domain.people import ConsentChannel
from service.domain.reason import Reason
from service.store.models.messages import Message
from service.store.models.people import Consent, Person, PhoneNumber
from service.store.records import last_word, reached_at
from service.store.transaction import Reading, Transaction

STOPPED: Final = "stop"
"""How a no that was her own act is recorded; any other no is merely the absence of a yes."""

BASIS_OF_A_MINOR: Final = "data_protection_act_2011_s34"
"""Health care: what the record of a minor rests on beside her own word. To be confirmed by a lawyer."""

WORDING_VERSION: Final = "2026-11"
"""The version of the consent script that is read aloud before she says yes."""

NO_SCRIPT: Final = "none"
"""The version of a yes by her own act, where nobody has ever read a script to her."""

T1_SCRIPTS: Final = frozenset({WORDING_VERSION})
"""The versions that tell her which words T1 uses; a yes to any other is a yes to T0 alone."""


def record(
    tx: Transaction,
    person_id: UUID,
    channel: ConsentChannel,
    *,
    given: bool,
    through: str,
    basis: str | None = None,
    occurred_at: datetime | None = None,
) -> bool:
    """Record a yes or a no, as of now or of the moment at which it was said.

    ``False``: she said stop herself, so only an act from her own phone (``start_texts``) can be a yes.
    """
    if given and channel is ConsentChannel.SMS and has_stopped(tx, person_id):
        return False
    _note(tx, person_id, channel, given=given, through=through, basis=basis, occurred_at=occurred_at)
    return True


def _note(
    tx: Transaction,
    person_id: UUID,
    channel: ConsentChannel,
    *,
    given: bool,
    through: str,
    basis: str | None = None,
    occurred_at: datetime | None = None,
    version: str = WORDING_VERSION,
) -> None:
    if not given:
        hold_person(tx, person_id)
    is_news = not given and channel is ConsentChannel.SMS and last_word(tx, person_id, channel).given
    consent_id = tx.add(
        Consent,
        person_id=person_id,
        channel=channel,
        given=given,
        wording_version=version,
        through=through,
        basis=basis,
        occurred_at=occurred_at or tx.now,
        recorded_at=tx.now,
        actor=str(tx.actor),
    )
    if is_news:
        announce(tx, Fact(Event.CLIENT_STOPPED, consent_id, person_id))


def has_stopped(reading: Reading, person_id: UUID) -> bool:
    word = last_word(reading, person_id, ConsentChannel.SMS)
    return not word.given and word.through == STOPPED


def stop_texts(tx: Transaction, phone_id: UUID) -> bool:
    """No more texts to anybody at this number, what is waiting included; says whether that was news.

    Each person's record says so, unless the number was reported as nobody's whom we know.
    """
    hold_number(tx, phone_id)
    heeded = [person_id for person_id in reached_at(tx, phone_id) if not has_stopped(tx, person_id)]
    for person_id in heeded:
        _note(tx, person_id, ConsentChannel.SMS, given=False, through=STOPPED)
    withdraw(tx, and_(Message.phone_id == phone_id, not_(IN_SPITE_OF_A_STOP)), Reason.OPTED_OUT)
    news = _mark_stopped(tx, phone_id) or bool(heeded)
    if news:
        tx.audit("stop", "phone", phone_id)
    return news


def _mark_stopped(tx: Transaction, phone_id: UUID) -> bool:
    """So that nobody who comes to the number later is texted there before it says start."""
    marked = tx.connection.execute(
        update(PhoneNumber)
        .where(PhoneNumber.id == phone_id, PhoneNumber.stopped_at.is_(None))
        .values(stopped_at=tx.now)
    )
    return marked.rowcount == 1


IN_SPITE_OF_A_STOP: Final[ColumnElement[bool]] = or_(
    Message.message_class == MessageClass.S,
    and_(Message.message_class == MessageClass.U, Message.reply_to.is_not(None)),
)
"""What goes to staff at the same phone, and what to do in danger."""


def hold_number(tx: Transaction, phone_id: UUID) -> None:
    """Let nobody else stop or begin a text to a number before this transaction ends.

    Whoever stops texts and whoever begins to send one hold the same rows, the number before the person, so
    the first of them to commit is obeyed.
    """
    held = select(PhoneNumber.id).where(PhoneNumber.id == phone_id)
    tx.connection.execute(held.with_for_update(key_share=True))


def hold_person(tx: Transaction, person_id: UUID) -> None:
    """The same for everything that is sent to a person, whatever her number."""
    held = select(Person.id).where(Person.id == person_id)
    tx.connection.execute(held.with_for_update(key_share=True))


def _had_agreed(reading: Reading, person_id: UUID) -> bool:
    """What she had said of texts, but for a stop."""
    said = select(Consent.given).where(
        Consent.person_id == person_id, Consent.channel == ConsentChannel.SMS, Consent.through != STOPPED
    )
    last = said.order_by(Consent.occurred_at.desc(), Consent.given, Consent.id.desc()).limit(1)
    return bool(reading.connection.scalar(last))


def script_of(reading: Reading, person_id: UUID) -> str | None:
    """The version of the script at which she last said yes to texts."""
    return reading.connection.scalar(
        select(Consent.wording_version)
        .where(Consent.person_id == person_id, Consent.channel == ConsentChannel.SMS, Consent.given)
        .order_by(Consent.occurred_at.desc(), Consent.id.desc())
        .limit(1)
    )


def start_texts(tx: Transaction, phone_id: UUID, through: str) -> None:
    """Texts again at this number, by an act from that very phone.

    It is the yes of whoever is alone there. Where several are, nobody says yes for one who had said no before
    the phone said stop.
    """
    tx.connection.execute(update(PhoneNumber).where(PhoneNumber.id == phone_id).values(stopped_at=None))
    there = reached_at(tx, phone_id)
    for person_id in there:
        if len(there) == 1 or _had_agreed(tx, person_id):
            version = script_of(tx, person_id) or NO_SCRIPT
            _note(tx, person_id, ConsentChannel.SMS, given=True, through=through, version=version)
    tx.audit("start", "phone", phone_id)
