"""Reading families: one question for each kind of row, however many clients there are."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Integer, bindparam, cast, func, select

from service.actions.family import (
    SETTLED_AFTER,
    Chosen,
    ClientDates,
    Family,
    InfantDates,
    Row,
    SampleDates,
)
from service.actions.gather_visits import THESE, Grouped, grouped, visits_of
from service.actions.question import REACHED
from service.actions.site_rules import site_rules
from service.domain.cascade import Sample
from service.domain.message import MessageState
from service.domain.people import Choice
from service.programme import Programme
from service.reminders.subject import Known, Question
from service.reminders.vocabulary import Circumstance
from service.store.models.care import Contact, Visit
from service.store.models.messages import LedgerEntry, Message
from service.store.models.people import Client, Infant, Person
from service.store.models.plans import ClientChoice, DoneAtVisit, InfantSample
from service.store.records import chosen_times
from service.store.transaction import Reading

_GOT_IT: Final = tuple(state for state in REACHED if state is not MessageState.UNDELIVERED)
"""A silence counts only if nothing says that the question did not arrive."""


def families(reading: Reading, programme: Programme, client_ids: Sequence[UUID]) -> tuple[Family, ...]:
    """The clients of these ids with all that their plans depend on, in the order of their ids."""
    clients = _clients(reading, programme, client_ids)
    rules = site_rules(reading, programme, {client.site_id for client in clients})
    infants, samples = _infants(reading, client_ids), _samples(reading, client_ids)
    visits, chosen = visits_of(reading, client_ids), _chosen(reading, client_ids)
    rows = _rows(reading, client_ids, programme.today(reading.now))
    asked = _asked(reading, programme, client_ids)
    heard = _heard(reading, asked.keys())
    return tuple(
        Family(
            client=client,
            rules=rules[client.site_id],
            infants=infants.get(client.id, ()),
            samples=samples.get(client.id, ()),
            visits=visits.get(client.id, ()),
            chosen=chosen.get(client.id, ()),
            rows=rows.get(client.id, ()),
            asked=asked.get(client.id, {}),
            heard=heard.get(client.id),
        )
        for client in clients
    )


def families_of_infants(
    reading: Reading, programme: Programme, client_ids: Sequence[UUID]
) -> tuple[Family, ...]:
    """The same families as far as the tests of infants go: without ledger, questions and choices."""
    clients = _clients(reading, programme, client_ids)
    rules = site_rules(reading, programme, {client.site_id for client in clients})
    infants, samples = _infants(reading, client_ids), _samples(reading, client_ids)
    visits = visits_of(reading, client_ids)
    return tuple(
        Family(
            client=client,
            rules=rules[client.site_id],
            infants=infants.get(client.id, ()),
            samples=samples.get(client.id, ()),
            visits=visits.get(client.id, ()),
            chosen=(),
            rows=(),
            asked={},
            heard=None,
        )
        for client in clients
    )


_CLIENTS: Final = (
    select(
        Client.id,
        Client.site_id,
        Client.state,
        Client.kind,
        Client.enrolled_on,
        Client.created_at,
        Client.edd,
        Client.edd_known_at,
        Client.delivered_on,
        Client.art_start,
        Client.art_start_known_at,
        Client.safe_from,
        Client.safe_to,
        Client.safe_days,
        Client.look_again_on,
    )
    .where(Client.id.in_(THESE))
    .order_by(Client.id)
)


def _clients(reading: Reading, programme: Programme, client_ids: Sequence[UUID]) -> list[ClientDates]:
    usual = programme.calendar.safe
    return [
        ClientDates(
            id=row.id,
            site_id=row.site_id,
            state=row.state,
            kind=row.kind,
            enrolled=Known(row.enrolled_on, row.created_at),
            edd=_known(row.edd, row.edd_known_at or row.created_at),
            delivered_on=row.delivered_on,
            art_start=_known(row.art_start, row.art_start_known_at or row.created_at),
            safe=chosen_times(row.safe_from, row.safe_to, map(int, row.safe_days or ""), usual),
            look_again_on=row.look_again_on,
        )
        for row in reading.connection.execute(_CLIENTS, {"these": client_ids})
    ]


def _known(day: date | None, at: datetime) -> Known | None:
    return Known(day, at) if day else None


_INFANTS: Final = (
    select(
        Infant.mother_id.label("client_id"),
        Infant.id,
        Infant.state,
        Infant.risk,
        Person.born_on,
        Infant.created_at,
        Infant.born_known_at,
        Infant.weaned_on,
        Infant.weaned_known_at,
        Infant.in_care_on,
    )
    .join(Person, Person.id == Infant.id)
    .where(Infant.mother_id.in_(THESE))
    .order_by(Infant.id)
)


def _infants(reading: Reading, client_ids: Sequence[UUID]) -> Grouped[InfantDates]:
    return grouped(
        (
            row.client_id,
            InfantDates(
                id=row.id,
                state=row.state,
                risk=row.risk,
                born=_known(row.born_on, row.born_known_at or row.created_at),
                weaned=_known(row.weaned_on, row.weaned_known_at or row.created_at),
                in_care=row.in_care_on is not None,
            ),
        )
        for row in reading.connection.execute(_INFANTS, {"these": client_ids})
    )


_SAMPLES: Final = (
    select(
        Infant.mother_id,
        InfantSample.id,
        InfantSample.infant_id,
        InfantSample.taken_on,
        InfantSample.result,
        InfantSample.back_on,
        InfantSample.given_on,
        InfantSample.recorded_at,
        InfantSample.result_recorded_at,
    )
    .join(Infant, Infant.id == InfantSample.infant_id)
    .where(Infant.mother_id.in_(THESE))
    .order_by(InfantSample.taken_on)
)


def _samples(reading: Reading, client_ids: Sequence[UUID]) -> Grouped[SampleDates]:
    return grouped(
        (
            row.mother_id,
            SampleDates(
                id=row.id,
                infant_id=row.infant_id,
                sample=Sample(row.taken_on, row.result, row.back_on, row.given_on),
                recorded_at=row.recorded_at,
                result_at=row.result_recorded_at,
            ),
        )
        for row in reading.connection.execute(_SAMPLES, {"these": client_ids})
    )


_OF_PLANS: Final = tuple(Choice(one.value) for one in Circumstance if one.value in set(Choice))
"""What a step may be only for; a text after a call that was cut off belongs to no plan."""


_CHOSEN: Final = select(
    ClientChoice.client_id, ClientChoice.choice, ClientChoice.at, ClientChoice.chosen_at
).where(
    ClientChoice.client_id.in_(THESE), ClientChoice.choice.in_(_OF_PLANS), ClientChoice.ended_at.is_(None)
)


def _chosen(reading: Reading, client_ids: Sequence[UUID]) -> Grouped[Chosen]:
    rows = reading.connection.execute(_CHOSEN, {"these": client_ids})
    return grouped((row.client_id, Chosen(row.choice, row.at, row.chosen_at)) for row in rows)


_ROW: Final = tuple(
    cast(LedgerEntry.occurrence, Integer) if name == "occurrence" else getattr(LedgerEntry, name)
    for name in Row._fields
)
"""The columns of a row, in the order of its fields: there are many rows, so they are not made by name."""

_OVER: Final = select(Visit.id).where(
    Visit.client_id.in_(THESE),
    Visit.day < bindparam("settled"),
    Visit.days_supplied.is_(None),
    Visit.id.not_in(select(DoneAtVisit.visit_id)),
)
_ROWS: Final = (
    select(LedgerEntry.client_id, *_ROW)
    .where(LedgerEntry.client_id.in_(THESE), LedgerEntry.subject_id.not_in(_OVER))
    .order_by(LedgerEntry.planned_at, LedgerEntry.id)
)


def _rows(reading: Reading, client_ids: Sequence[UUID], today: date) -> Grouped[Row]:
    """All rows of the ledger but those of visits that are long over and lead to nothing."""
    asked = {"these": client_ids, "settled": today - SETTLED_AFTER}
    return grouped((row[0], Row(*row[1:])) for row in reading.connection.execute(_ROWS, asked))


_Asked = Mapping[UUID, Mapping[Question, datetime]]


_QUESTIONS: Final = (
    select(LedgerEntry.client_id, LedgerEntry.step, LedgerEntry.occurrence, Message.sent_at)
    .join(Message, Message.id == LedgerEntry.message_id)
    .where(
        LedgerEntry.client_id.in_(THESE),
        LedgerEntry.step.in_(bindparam("questions", expanding=True)),
        LedgerEntry.due_at > bindparam("since"),
        Message.state.in_(_GOT_IT),
        Message.sent_at.is_not(None),
    )
)


def _asked(reading: Reading, programme: Programme, client_ids: Sequence[UUID]) -> _Asked:
    """When each question went out whose answer still matters."""
    questions = {step.follows for plan in programme.plans for step in plan.steps}
    questions |= {step.follows for plan in programme.plans for step in plan.tasks}
    wanted = {"these": client_ids, "questions": questions, "since": reading.now - SETTLED_AFTER}
    rows = reading.connection.execute(_QUESTIONS, wanted)
    return {
        client_id: dict(asked)
        for client_id, asked in grouped(
            (client_id, ((step, int(occurrence)), at)) for client_id, step, occurrence, at in rows if at
        ).items()
    }


_LAST_HEARD: Final = (
    select(Contact.client_id, func.max(Contact.occurred_at))
    .where(Contact.client_id.in_(THESE))
    .group_by(Contact.client_id)
)


def _heard(reading: Reading, client_ids: Collection[UUID]) -> Mapping[UUID, datetime]:
    """When each of them was last heard from, by text, menu, call or visit."""
    if not client_ids:
        return {}
    rows = reading.connection.execute(_LAST_HEARD, {"these": client_ids})
    return {client_id: at for client_id, at in rows}
