"""What follows from each thing that a text can mean."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, assert_never
from uuid import UUID

from sqlalchemy import select, update

from service.actions import consent, invitations, numbers, supporter, visits
from service.actions.caller import Caller
from service.actions.carry_out import about_caller, ask_new_day, report_danger
from service.actions.command import obey
from service.actions.compose import About
from service.actions.contacts import note_contact
from service.actions.dated_visit import DatedVisit, dated_visit
from service.actions.question import OpenQuestion, Topic, open_questions
from service.actions.reply import answer
from service.actions.tasks import NewTask, open_task
from service.domain.care import ContactMode, VisitState
from service.domain.people import ClientState
from service.domain.tasks import TaskKind
from service.keywords import Meaning, Said, Unrecognised, asks_to_stop
from service.programme import Programme
from service.store.models.messages import Inbound, Message
from service.store.records import ClientRecord
from service.store.transaction import Transaction


def heed(tx: Transaction, programme: Programme, caller: Caller, meaning: Meaning, text: str) -> None:
    """Do what a text asks. Orders are for staff; what nobody can read by rule goes to a person."""
    match meaning:
        case Said():
            _take(_Heard(tx, programme, caller, _questions(tx, caller), text), meaning)
        case Unrecognised():
            _to_a_person(_Heard(tx, programme, caller, (), text))
        case _ if caller.staff_id:
            obey(tx, programme, caller, caller.staff_id, meaning)
        case _:
            _to_a_person(_Heard(tx, programme, caller, (), text))


@dataclass(frozen=True)
class _Heard:
    """A text in its surroundings: who sent it, and what whoever uses that phone had been asked."""

    tx: Transaction
    programme: Programme
    caller: Caller
    questions: tuple[OpenQuestion, ...]
    text: str

    def answer(self, key: str, *, about: About | None = None) -> None:
        """In the words for whoever was asked, where several share the phone."""
        answer(self.tx, self.programme, self.caller, key, woman=self.woman, about=about)

    def thank(self, key: str, *, about: About | None = None) -> None:
        """For an answer to what we asked; not whoever has lost somebody since, or wants to hear no more."""
        if self.woman is None or self.woman.state is not ClientState.MUTED:
            self.answer(key, about=about)

    def task(self, kind: TaskKind) -> UUID:
        speaker = replace(self.caller, clients=(self.woman,)) if self.woman else self.caller
        return open_task(self.tx, about_caller(self.tx, speaker, kind, note=self.words))

    @property
    def question(self) -> OpenQuestion | None:
        """What was asked, if there can be no doubt which question that is."""
        return self.questions[0] if len(self.questions) == 1 else None

    @property
    def woman(self) -> ClientRecord | None:
        """Whoever was asked, or the only one at this number."""
        return self.question.client if self.question else self.caller.only_client

    @property
    def words(self) -> str | None:
        """What she wrote, unless it was a bare digit."""
        return None if self.text.strip().isdecimal() else self.text

    @property
    def topic(self) -> Topic | None:
        return self.question.topic if self.question else None


def _questions(tx: Transaction, caller: Caller) -> tuple[OpenQuestion, ...]:
    return open_questions(tx, caller.phone_id, caller.clients) if caller.phone_id else ()


def _take(heard: _Heard, said: Said) -> None:
    """An answer that may be to one of several questions is for a person: nothing is guessed."""
    if said in _ANSWERS and len(heard.questions) > 1:
        _to_a_person(heard)
        return
    _note_contact(heard, said)
    _TAKES[said](heard)


def _note_contact(heard: _Heard, said: Said) -> None:
    """A text from a client is her half of a two-way contact; a stranger on her number is none."""
    if heard.woman is None or said is Said.WRONG_NUMBER:
        return
    note_contact(heard.tx, heard.woman, ContactMode.SMS, "sms", heard.caller.source_id)
    heard.tx.connection.execute(
        update(Inbound).where(Inbound.id == heard.caller.source_id).values(person_id=heard.woman.id)
    )


def _danger(heard: _Heard) -> None:
    """A stop beside a word of danger is heeded too; whoever calls her hears whether she meant it."""
    report_danger(heard.tx, heard.programme, heard.caller, heard.text)
    if asks_to_stop(heard.text):
        consent.stop_texts(heard.tx, numbers.note(heard.tx, heard.caller.phone))


def _stop(heard: _Heard) -> None:
    """Whoever has stopped already is not texted once more to be told so."""
    news = consent.stop_texts(heard.tx, numbers.note(heard.tx, heard.caller.phone))
    if news:
        heard.answer("stop_ok")


def _stop_or_date(heard: _Heard) -> None:
    _stop(heard)
    heard.task(TaskKind.MEANT_DATE)


def _stop_and_more(heard: _Heard) -> None:
    _stop(heard)
    _let_read(heard, heard.woman)


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
    """The number is silent before the one acknowledgement leaves; a person finds the client's right one.

    A member of staff does not shut herself off from alerts by it.
    """
    if heard.caller.staff_id:
        _to_a_person(heard)
        return
    phone_id = numbers.note(heard.tx, heard.caller.phone)
    news = numbers.suspend(heard.tx, phone_id, "wrong_number")
    for woman in heard.caller.clients:
        task = NewTask(TaskKind.WRONG_NUMBER, woman.id, phone_id=phone_id, about=str(phone_id))
        open_task(heard.tx, task)
    if news:
        heard.answer("wrong_no")


def _yes(heard: _Heard) -> None:
    phone_id = numbers.note(heard.tx, heard.caller.phone)
    if heard.woman:
        numbers.confirm(heard.tx, phone_id, "sms", heard.woman.id)
    if supporter.agree(heard.tx, phone_id):
        heard.answer("weekly_ok_unknown")
        return
    match heard.topic:
        case Topic.VISIT:
            _confirm_visit(heard)
        case Topic.NUMBER:
            heard.thank("number_ok")
        case Topic.MISSED | Topic.WELL_BEING | None:
            heard.thank("weekly_ok")
        case _:
            assert_never(heard.topic)


def _confirm_visit(heard: _Heard) -> None:
    """She says yes to the day that she was told, which may have moved or passed since."""
    question = heard.question
    visit = dated_visit(heard.tx, question.visit_id) if question and question.visit_id else None
    today = heard.programme.today(heard.tx.now)
    if question is None or visit is None or visit.day < today or not _is_expected(heard, visit):
        heard.thank("weekly_ok")
    elif visit.day != question.day:
        heard.thank("new_date", about=About(visit.day))
    else:
        visits.confirm_visit(heard.tx, visit.id)
        heard.thank("date_ok", about=About(visit.day))


def _is_expected(heard: _Heard, visit: DatedVisit) -> bool:
    """Whoever said no to an event, and then yes, is welcome as long as it is to take place."""
    if visit.event_id and visit.state is VisitState.CANCELLED:
        return invitations.is_to_take_place(heard.tx, visit.event_id)
    return visit.state in (VisitState.PLANNED, VisitState.INVITED)


def _change_or_help(heard: _Heard) -> None:
    question = heard.question
    if question and question.visit_id and invitations.decline(heard.tx, question.visit_id):
        heard.thank("weekly_ok")
        return
    if question and question.visit_id and heard.topic in (Topic.VISIT, Topic.MISSED):
        ask_new_day(heard.tx, heard.caller, question.visit_id, heard.words)
        heard.answer("date_pending")
        return
    heard.task(TaskKind.NEEDS_HELP)
    heard.answer("weekly_help")


_ANSWERS: Final = frozenset({Said.YES, Said.CHANGE})
"""What means nothing without the question that was asked."""

_TAKES: Final[dict[Said, Callable[[_Heard], None]]] = {
    Said.DANGER: _danger,
    Said.STOP: _stop,
    Said.STOP_OR_DATE: _stop_or_date,
    Said.STOP_AND_MORE: _stop_and_more,
    Said.WRONG_NUMBER: _wrong_number,
    Said.YES: _yes,
    Said.CHANGE: _change_or_help,
    Said.CALL_ME: _call_me,
    Said.HELP: _help,
    Said.START: _start,
}


def _to_a_person(heard: _Heard) -> None:
    """Her words reach a person; she is told so at most once a day."""
    woman = heard.caller.only_client
    _let_read(heard, woman)
    if woman:
        note_contact(heard.tx, woman, ContactMode.SMS, "sms", heard.caller.source_id)
    if not _told_today(heard):
        heard.answer("fallback")


def _let_read(heard: _Heard, woman: ClientRecord | None) -> None:
    """Her mentor reads it; where several use the phone their site does, and sees who of them was asked."""
    asked = ", ".join(question.client.code for question in heard.questions)
    task = NewTask(
        TaskKind.READ_MESSAGE,
        woman.id if woman else None,
        phone_id=heard.caller.phone_id,
        site_id=None if woman else _only_site(heard.caller),
        note=heard.text if woman or not asked else f"{heard.text} ({asked}?)",
        about=str(heard.caller.source_id),
    )
    open_task(heard.tx, task)


def _only_site(caller: Caller) -> UUID | None:
    sites = {woman.site_id for woman in caller.clients}
    return sites.pop() if len(sites) == 1 else None


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
