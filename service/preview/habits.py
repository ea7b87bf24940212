"""What she and the people around her are taken to do, and the doing of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from heapq import heappop, heappush
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from service.actions import visits
from service.actions.question import Topic, open_questions
from service.actions.receive import receive
from service.actions.task_life import Closing, close_task
from service.domain.care import VisitKind, VisitState
from service.domain.hours import at_local
from service.domain.ids import new_id
from service.domain.people import Actor, ActorKind
from service.domain.phone import Phone
from service.domain.tasks import FollowUpOutcome
from service.ports import TextReceived
from service.preview.infants import RESULT_AFTER, next_birth, record_births, take_sample
from service.preview.stage import Stage
from service.store.models.care import Task, Visit
from service.store.models.messages import Message
from service.store.models.people import PhoneNumber
from service.store.records import clients_at, open_number
from service.store.spooled import Letter
from service.store.transaction import Reading, Transaction


class Attends(StrEnum):
    """Whether she comes to her visits: to each, to each but some days late, to none; or nobody records it."""

    ALWAYS = "always"
    LATE = "late"
    NEVER = "never"
    UNRECORDED = "unrecorded"


class Answers(StrEnum):
    """Whether she answers when she is asked how she is, or whether a number is still hers."""

    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True)
class Habits:
    """What is assumed. ``days_supplied`` is what is handed out at each refill that she comes for.

    ``infant`` is what a baby is called that is born meanwhile.
    """

    attends: Attends = Attends.ALWAYS
    answers: Answers = Answers.ALWAYS
    days_supplied: int | None = None
    infant: str = "Pule"


RECORDED: Final = time(15, 30)
"""When staff write down who came on a day, and who did not."""

DAYS_LATE: Final = timedelta(days=10)
"""How long after a missed visit she comes who comes late: after both texts about it."""

IN_GOOD_TIME: Final = timedelta(minutes=5)
"""How long before they would be late people have done what they were asked."""

ANSWERED_AFTER: Final = timedelta(hours=2)
YES: Final = "1"
_STAFF: Final = Actor(ActorKind.STAFF, "preview")


@dataclass
class Lives:
    """The lives of everybody on the stage, by the same habits."""

    stage: Stage
    habits: Habits
    _to_do: list[tuple[datetime, UUID, Callable[[Transaction], object]]] = field(default_factory=list)

    def act(self) -> None:
        """What was put off until now, and who came today."""
        store = self.stage.parts.store
        while self._to_do and self._to_do[0][0] <= self._now:
            _, _, happens = heappop(self._to_do)
            store.write(happens, _STAFF)
        store.write(self._record_day, _STAFF)

    def notice(self) -> None:
        """What went out at this moment arrives, and she will answer in a while."""
        parts = self.stage.parts
        for network in self.stage.networks:
            network.deliver(parts.store, parts.programme)
        for task_id, due_at in parts.store.read(_new_tasks):
            self._put_off(max(due_at - IN_GOOD_TIME, self._now), self._is_done(task_id))
        if self.habits.answers is Answers.ALWAYS:
            for phone in parts.store.read(self._asked):
                self._put_off(self._now + ANSWERED_AFTER, self._answer(phone))

    def next_act(self) -> datetime | None:
        put_off = self._to_do[0][0] if self._to_do else None
        moments = (put_off, self.stage.parts.store.read(self._next_record))
        return min((moment for moment in moments if moment), default=None)

    @property
    def _now(self) -> datetime:
        return self.stage.clock.now()

    def _put_off(self, until: datetime, happens: Callable[[Transaction], object]) -> None:
        heappush(self._to_do, (until, new_id(), happens))

    # --- visits

    def _recorded_at(self, day: date) -> datetime:
        return at_local(day, RECORDED, self.stage.parts.programme.calendar.zone)

    def _next_record(self, reading: Reading) -> datetime | None:
        today = self.stage.parts.programme.today(self._now)
        first = today if self._now < self._recorded_at(today) else today + timedelta(days=1)
        days = [day for day in (next_birth(reading, first), self._next_visit(reading, first)) if day]
        return self._recorded_at(min(days)) if days else None

    def _next_visit(self, reading: Reading, first: date) -> date | None:
        if self.habits.attends is Attends.UNRECORDED:
            return None
        planned = select(func.min(Visit.day)).where(Visit.state == VisitState.PLANNED, Visit.day >= first)
        return reading.connection.scalar(planned)

    def _record_day(self, tx: Transaction) -> None:
        today = self.stage.parts.programme.today(tx.now)
        if tx.now < self._recorded_at(today):
            return
        record_births(tx, self.stage.parts.programme, self.habits.infant)
        if self.habits.attends is not Attends.UNRECORDED:
            self._record_visits(tx, today)

    def _record_visits(self, tx: Transaction, today: date) -> None:
        ids = tx.connection.scalars(
            select(Visit.id).where(Visit.day == today, Visit.state == VisitState.PLANNED).order_by(Visit.id)
        ).all()
        visits.go_on(tx, self.stage.parts.programme, {self._record(tx, visit_id) for visit_id in ids})

    def _record(self, tx: Transaction, visit_id: UUID) -> UUID:
        if self.habits.attends is Attends.ALWAYS:
            return self._comes(tx, visit_id)
        if self.habits.attends is Attends.LATE:
            self._put_off(tx.now + DAYS_LATE, lambda later: self._comes_late(later, visit_id))
        return visits.mark(tx, visit_id, VisitState.MISSED)

    def _comes_late(self, tx: Transaction, visit_id: UUID) -> None:
        visits.go_on(tx, self.stage.parts.programme, (self._comes(tx, visit_id),))

    def _comes(self, tx: Transaction, visit_id: UUID) -> UUID:
        """Whose plans are to go on then."""
        kind = tx.connection.scalar(select(Visit.kind).where(Visit.id == visit_id))
        handed_out = self.habits.days_supplied if kind is VisitKind.REFILL else None
        if kind is VisitKind.INFANT_TEST:
            self._is_tested(tx, visit_id)
        came = visits.Came(days_supplied=handed_out)
        return visits.mark(tx, visit_id, VisitState.ATTENDED, came=came)

    def _is_tested(self, tx: Transaction, visit_id: UUID) -> None:
        result_comes = take_sample(tx, self.stage.parts.programme, visit_id)
        if result_comes:
            self._put_off(tx.now + RESULT_AFTER, result_comes)

    # --- tasks

    def _is_done(self, task_id: UUID) -> Callable[[Transaction], object]:
        closing = Closing(FollowUpOutcome.DONE)
        return lambda tx: close_task(tx, self.stage.parts.programme, task_id, closing)

    # --- questions

    def _asked(self, reading: Reading) -> list[Phone]:
        """The phones that were asked at this moment how she is, or whether they are still hers."""
        sent = reading.connection.execute(
            select(Message.phone_id, PhoneNumber.number)
            .join(PhoneNumber, PhoneNumber.id == Message.phone_id)
            .where(Message.sent_at == reading.now, Message.reply_to.is_(None))
            .distinct()
        )
        asked = (row for row in sent if _awaits_answer(reading, row.phone_id))
        phones = (open_number(reading, row.phone_id, row.number) for row in asked)
        return [phone for phone in phones if phone]

    def _answer(self, phone: Phone) -> Callable[[Transaction], object]:
        text = TextReceived(str(new_id()), phone.e164, phone, YES, None)
        letter = Letter(self.stage.networks[0].name, text)
        return lambda tx: receive(tx, self.stage.parts.programme, letter)


def _new_tasks(reading: Reading) -> list[tuple[UUID, datetime]]:
    """The tasks that were opened at this moment, and until when each must be done."""
    opened = select(Task.id, Task.due_at).where(Task.opened_at == reading.now).order_by(Task.id)
    return [(row.id, row.due_at) for row in reading.connection.execute(opened)]


def _awaits_answer(reading: Reading, phone_id: UUID) -> bool:
    """A date needs no answer if it is fine."""
    asked = open_questions(reading, phone_id, clients_at(reading, phone_id))
    return any(question.topic in (Topic.WELL_BEING, Topic.NUMBER) for question in asked)
