"""An inbound text, from the webhook to everything that follows from it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, assert_never
from uuid import UUID

from sqlalchemy import select

from service import keywords
from service.actions import consent, numbers, visits
from service.actions.caller import Caller, who_calls
from service.actions.carry_out import about_caller, ask_new_day, report_danger
from service.actions.command import obey
from service.actions.compose import About
from service.actions.contacts import note_contact
from service.actions.question import OpenQuestion, Topic, open_question
from service.actions.reply import answer
from service.actions.tasks import NewTask, open_task
from service.domain.care import ContactMode
from service.domain.ids import new_id
from service.domain.tasks import TaskKind
from service.keywords import Said, Unrecognised
from service.ports import OptOutReceived, TextReceived
from service.programme import Programme
from service.store.models.messages import Inbound, Message
from service.store.transaction import Transaction


def hear(tx: Transaction, programme: Programme, gateway: str, received: TextReceived) -> None:
    """Take in one text, once: store it, see what it means, act on it and answer.

    1. Store it under the provider's id; a repetition ends here.
    2. Take the sign of life from the phone.
    3. Do what the text asks; what nobody can read by rule goes to a person.
    """
    inbound_id = new_id()
    phone_id = numbers.note(tx, received.phone) if received.phone else None
    meaning = keywords.meaning(received.text)
    ordered = not isinstance(meaning, Said | Unrecognised)
    new = tx.add_once(
        Inbound,
        id=inbound_id,
        gateway=gateway,
        kind="sms",
        external_id=received.external_id,
        phone_id=phone_id,
        sender=tx.vault.seal(Inbound.sender, inbound_id, received.sender),
        # A command may carry a PIN, and says nothing that its effect does not.
        body=None if ordered else tx.vault.seal(Inbound.body, inbound_id, received.text),
        meaning=_name(meaning),
        occurred_at=received.occurred_at,
        recorded_at=tx.now,
    )
    if not new:
        return
    if received.phone is None or phone_id is None:
        open_task(tx, NewTask(TaskKind.READ_MESSAGE, note=received.text, about=str(inbound_id)))
        return
    numbers.heard(tx, phone_id)
    _act(tx, programme, who_calls(tx, received.phone, "sms", inbound_id), meaning, received.text)


def _name(meaning: keywords.Meaning) -> str:
    return meaning.value if isinstance(meaning, Said) else type(meaning).__name__.lower()


def _act(tx: Transaction, programme: Programme, caller: Caller, meaning: keywords.Meaning, text: str) -> None:
    match meaning:
        case Said():
            _take(_Heard(tx, programme, caller, _question(tx, caller), text), meaning)
        case Unrecognised():
            _to_a_person(_Heard(tx, programme, caller, None, text))
        case _ if caller.staff_id:
            obey(tx, programme, caller, caller.staff_id, meaning)
        case _:
            _to_a_person(_Heard(tx, programme, caller, None, text))


@dataclass(frozen=True)
class _Heard:
    """A text in its surroundings: who sent it, and what she had been asked last."""

    tx: Transaction
    programme: Programme
    caller: Caller
    question: OpenQuestion | None
    text: str

    def answer(self, key: str, *, about: About | None = None) -> None:
        """In the words for whoever was asked, where several share the phone."""
        woman = self.question.client if self.question else None
        answer(self.tx, self.programme, self.caller, key, woman=woman, about=about)

    def task(self, kind: TaskKind, note: str | None = None) -> UUID:
        return open_task(self.tx, about_caller(self.tx, self.caller, kind, note))

    @property
    def topic(self) -> Topic | None:
        return self.question.topic if self.question else None


def _question(tx: Transaction, caller: Caller) -> OpenQuestion | None:
    return open_question(tx, caller.phone_id) if caller.phone_id else None


def _take(heard: _Heard, said: Said) -> None:
    _note_contact(heard, said)
    _TAKES[said](heard)


def _note_contact(heard: _Heard, said: Said) -> None:
    """A text from a client is her half of a two-way contact; a stranger on her number is none."""
    woman = heard.question.client if heard.question else heard.caller.only_client
    if woman and said is not Said.WRONG_NUMBER:
        note_contact(heard.tx, woman, ContactMode.SMS, "sms", heard.caller.source_id)


def _danger(heard: _Heard) -> None:
    report_danger(heard.tx, heard.programme, heard.caller, heard.text)


def _stop(heard: _Heard) -> None:
    consent.stop_texts(heard.tx, numbers.note(heard.tx, heard.caller.phone))
    heard.answer("stop_ok")


def _stop_or_date(heard: _Heard) -> None:
    _stop(heard)
    heard.task(TaskKind.MEANT_DATE)


def _call_me(heard: _Heard) -> None:
    heard.task(TaskKind.CALL_ME)
    heard.answer("call_ok")


def _help(heard: _Heard) -> None:
    heard.task(TaskKind.HELP_ASKED)
    heard.answer("help_info")


def _start(heard: _Heard) -> None:
    consent.start_texts(heard.tx, numbers.note(heard.tx, heard.caller.phone), "sms")
    heard.answer("start_ok")


def _wrong_number(heard: _Heard) -> None:
    """The number is silent before the acknowledgement leaves; a person finds the client's right one."""
    phone_id = numbers.note(heard.tx, heard.caller.phone)
    numbers.suspend(heard.tx, phone_id, "wrong_number")
    for woman in heard.caller.clients:
        task = NewTask(TaskKind.WRONG_NUMBER, woman.id, phone_id=phone_id, about=str(phone_id))
        open_task(heard.tx, task)
    heard.answer("wrong_no")


def _yes(heard: _Heard) -> None:
    numbers.confirm(heard.tx, numbers.note(heard.tx, heard.caller.phone), "sms")
    match heard.topic:
        case Topic.VISIT:
            _confirm_visit(heard)
        case Topic.NUMBER:
            heard.answer("number_ok")
        case Topic.MISSED | Topic.WELL_BEING | None:
            heard.answer("weekly_ok")
        case _:
            assert_never(heard.topic)


def _confirm_visit(heard: _Heard) -> None:
    question = heard.question
    if question is None or question.visit_id is None:
        heard.answer("weekly_ok")
        return
    visits.confirm_visit(heard.tx, question.visit_id)
    heard.answer("date_ok", about=About(question.day))


def _change_or_help(heard: _Heard) -> None:
    question = heard.question
    if question and question.visit_id and heard.topic in (Topic.VISIT, Topic.MISSED):
        ask_new_day(heard.tx, heard.caller, question.visit_id, None)
        heard.answer("date_pending")
        return
    heard.task(TaskKind.NEEDS_HELP)
    heard.answer("weekly_help")


_TAKES: Final[dict[Said, Callable[[_Heard], None]]] = {
    Said.DANGER: _danger,
    Said.STOP: _stop,
    Said.STOP_OR_DATE: _stop_or_date,
    Said.WRONG_NUMBER: _wrong_number,
    Said.YES: _yes,
    Said.CHANGE: _change_or_help,
    Said.CALL_ME: _call_me,
    Said.HELP: _help,
    Said.START: _start,
}


def _to_a_person(heard: _Heard) -> None:
    """Her words reach a person; she is told so at most once a day."""
    tx, caller = heard.tx, heard.caller
    woman = caller.only_client
    task = NewTask(
        TaskKind.READ_MESSAGE,
        woman.id if woman else None,
        phone_id=caller.phone_id,
        note=heard.text,
        about=str(caller.source_id),
    )
    open_task(tx, task)
    if woman:
        note_contact(tx, woman, ContactMode.SMS, "sms", caller.source_id)
    if not _told_today(heard):
        heard.answer("fallback")


def _told_today(heard: _Heard) -> bool:
    today = heard.programme.today(heard.tx.now)
    last = heard.tx.connection.scalar(
        select(Message.created_at)
        .where(
            Message.phone_id == heard.caller.phone_id,
            Message.text_id.in_(("fallback", "fallback_unknown")),
        )
        .order_by(Message.created_at.desc())
        .limit(1)
    )
    return last is not None and heard.programme.today(last) == today


def opt_out(tx: Transaction, gateway: str, received: OptOutReceived) -> None:
    """Mirror an opt-out that the provider took: it would refuse our texts from now on anyway."""
    if received.phone is None:
        return
    phone_id = numbers.note(tx, received.phone)
    new = tx.add_once(
        Inbound,
        gateway=gateway,
        kind="opt-out",
        external_id=f"{phone_id}:{(received.occurred_at or tx.now).date()}",
        phone_id=phone_id,
        meaning=Said.STOP.value,
        occurred_at=received.occurred_at,
        recorded_at=tx.now,
    )
    if new:
        consent.stop_texts(tx, phone_id)
