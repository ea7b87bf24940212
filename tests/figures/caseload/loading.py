"""Loads the caseload into a service, event by event, each by the action of the service at its own moment.

Care plans are left out, so that nothing is in the database but what the file says; the rows of reminders,
which the worker would have written, are written here with the state that they came to.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update

from service.actions import incident, merge, samples, sites, task_life, transfer, visits
from service.actions.contacts import note_contact
from service.actions.enrol import NewInfant, enrol_infant
from service.actions.tasks import NewTask, open_task
from service.domain.care import ContactMode, VisitKind, VisitState
from service.domain.cascade import Result
from service.domain.ids import new_id
from service.domain.ledger import LedgerState
from service.domain.message import MessageClass, MessageState
from service.domain.people import (
    OPERATOR,
    Actor,
    ActorKind,
    ClientKind,
    ClientState,
    EnrolledThrough,
    InfantRisk,
    Role,
    Sex,
)
from service.domain.tasks import FollowUpMethod, FollowUpOutcome, InformationSource, TaskKind, TaskState
from service.store.models.care import Task, Visit
from service.store.models.messages import LedgerEntry, Message
from service.store.models.people import Client, Import
from service.store.models.plans import InfantSample, RungTaken
from service.store.records import client, links_of
from service.store.transaction import Transaction
from tests.worker.village import MASERU, Village, at

FILE: Final = Path(__file__).with_name("caseload.txt")
STAFF: Final = Actor(ActorKind.STAFF, "somebody")
COUNTED_AT: Final = at(date(2026, 12, 1), "08:00")

Row = dict[str, str]


def sections(text: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for part in re.split(r"^\[", text, flags=re.MULTILINE)[1:]:
        name, _, body = part.partition("]")
        lines = [line for line in body.splitlines() if line.strip() and not line.startswith("#")]
        header, *rows = ([cell.strip() for cell in line.split("|")] for line in lines)
        found[name] = [dict(zip(header, [*row, ""], strict=False)) for row in rows]
    return found


@dataclass
class Caseload:
    """What was loaded, by the names in the file."""

    village: Village
    database_url: str
    sites: dict[str, UUID] = field(default_factory=dict)
    districts: dict[str, str] = field(default_factory=dict)
    women: dict[str, UUID] = field(default_factory=dict)
    infants: dict[str, UUID] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    mentors: dict[str, UUID] = field(default_factory=dict)

    def act(self, action: Callable[[Transaction], Any], actor: Actor = STAFF) -> Any:
        return self.village.store.write(action, actor)

    @property
    def programme(self) -> Any:
        return self.village.parts.programme

    @property
    def now(self) -> datetime:
        return self.village.clock.moment


def load(village: Village, database_url: str) -> Caseload:
    """Everything in the order in which it happened; the clock then stands at the moment of the count."""
    village.parts = replace(village.parts, programme=replace(village.parts.programme, plans=(), timing={}))
    loaded, found = Caseload(village, database_url), sections(FILE.read_text())
    village.clock.moment = at(date(2026, 1, 1), "08:00")
    for row in found["sites"]:
        _add_site(loaded, row)
    import_id = loaded.act(
        lambda tx: tx.add(
            Import, kind="clients", file_hash="", rows=46, recorded_at=tx.now, actor=str(tx.actor)
        )
    )
    for when, what in sorted(_story(loaded, found, import_id), key=lambda one: one[0]):
        village.clock.moment = when
        what()
    village.clock.moment = COUNTED_AT
    return loaded


def _story(
    loaded: Caseload, found: dict[str, list[Row]], import_id: UUID
) -> list[tuple[datetime, Callable[[], None]]]:
    story: list[tuple[datetime, Callable[[], None]]] = []
    for row in found["women"]:
        loaded.phones[row["name"]] = row["phone"]
        early = at(date.fromisoformat(row["enrolled"]), "00:05")
        story.append((early, lambda row=row: _enrol(loaded, row, import_id)))  # type: ignore[misc]
    for row in found["infants"]:
        after = at(date.fromisoformat(row["enrolled"]), "00:10")
        story.append((after, lambda row=row: _add_infant(loaded, row)))  # type: ignore[misc]
    for event in found["what happened"]:
        day, clock = event["when"].split()
        story.append((at(date.fromisoformat(day), clock), lambda event=event: _happen(loaded, event)))  # type: ignore[misc]
    return story


def _add_site(loaded: Caseload, row: Row) -> None:
    name = row["name"]
    loaded.sites[name] = (
        loaded.village.site
        if name == "Ha Demo"
        else loaded.act(lambda tx: sites.add_site(tx, name, row["district"]))
    )
    loaded.act(lambda tx: sites.activate(tx, loaded.sites[name]))
    loaded.districts[name] = row["district"]
    number = len(loaded.sites)
    loaded.mentors[name] = loaded.village.staff(
        ("Lisebo", "Khosi", "Neo")[number - 1], f"+266580009{number:02}", Role.MENTOR, site=loaded.sites[name]
    )


def _day(text: str) -> date | None:
    return None if text == "-" else date.fromisoformat(text)


def _enrol(loaded: Caseload, row: Row, import_id: UUID) -> None:
    her_id = loaded.village.woman(
        row["phone"],
        row["name"][:19],
        site_id=loaded.sites[row["site"]],
        mentor_id=loaded.mentors[row["site"]],
        enrolled_on=date.fromisoformat(row["enrolled"]),
        born_on=_day(row["born"]),
        sex=None if row["sex"] == "-" else Sex(row["sex"]),
        kind=ClientKind(row["kind"]),
        enrolled_through=EnrolledThrough(row["through"]),
        state=ClientState.PENDING if row["entered by"] == "self" else ClientState.ACTIVE,
    )
    loaded.women[row["name"]] = her_id
    if row["entered by"] == "file":
        from_file = update(Client).where(Client.id == her_id).values(import_id=import_id)
        loaded.act(lambda tx: tx.connection.execute(from_file))


def _add_infant(loaded: Caseload, row: Row) -> None:
    new = NewInfant(
        loaded.women[row["mother"]],
        row["name"],
        date.fromisoformat(row["born"]),
        None if row["sex"] == "-" else Sex(row["sex"]),
        None if row["risk"] == "-" else InfantRisk(row["risk"]),
    )
    loaded.infants[row["name"]] = loaded.act(lambda tx: enrol_infant(tx, new, "en"))


def _happen(loaded: Caseload, event: Row) -> None:
    what, more = event["what"], event["more"]
    if event["who"] in loaded.infants:
        _OF_INFANTS[what](loaded, loaded.infants[event["who"]], more)
    elif what in set(ContactMode):
        _note_contact(loaded, loaded.women[event["who"]], ContactMode(what))
    elif what == "wrote":
        loaded.village.texts(more, loaded.phones[event["who"]])
    else:
        _OF_WOMEN[what](loaded, loaded.women[event["who"]], more)


def _note_contact(loaded: Caseload, her: UUID, mode: ContactMode) -> None:
    source = "ussd" if mode is ContactMode.USSD else "staff"
    loaded.act(lambda tx: note_contact(tx, client(tx, her), mode, source, new_id()))


def _handle(loaded: Caseload, her: UUID, _: str) -> None:
    closing = task_life.Closing(FollowUpOutcome.DONE, FollowUpMethod.PHONE, source=InformationSource.CLIENT)
    task = _call_me(loaded, her)
    assert loaded.act(lambda tx: task_life.close_task(tx, loaded.programme, task, closing)) is None


def _try(loaded: Caseload, her: UUID, _: str) -> None:
    task = _call_me(loaded, her)
    assert loaded.act(lambda tx: task_life.note_try(tx, task, FollowUpMethod.PHONE)) is None


def _call_me(loaded: Caseload, her: UUID) -> UUID:
    (row,) = [
        row
        for row in loaded.village.rows(Task.id, Task.client_id, Task.kind, Task.state)
        if row.client_id == her and row.kind is TaskKind.CALL_ME and row.state is not TaskState.CLOSED
    ]
    found: UUID = row.id
    return found


def _plan(loaded: Caseload, her: UUID, more: str) -> None:
    kind, day = more.split()
    assert loaded.act(
        lambda tx: visits.add_visit(tx, visits.NewVisit(her, her, VisitKind(kind), date.fromisoformat(day)))
    )


def _visit(loaded: Caseload, her: UUID, kind: str, day: str) -> UUID:
    which = select(Visit.id).where(
        Visit.client_id == her, Visit.kind == VisitKind(kind), Visit.day == date.fromisoformat(day)
    )
    found: UUID = loaded.act(lambda tx: tx.connection.execute(which).scalar_one())
    return found


def _come(loaded: Caseload, her: UUID, more: str) -> None:
    kind, day, *on = more.split()
    visit, came = _visit(loaded, her, kind, day), visits.Came(date.fromisoformat(on[1]) if on else None)
    loaded.act(
        lambda tx: visits.record_attendance(tx, loaded.programme, visit, VisitState.ATTENDED, None, came)
    )


def _miss(loaded: Caseload, her: UUID, more: str) -> None:
    visit = _visit(loaded, her, *more.split())
    loaded.act(lambda tx: visits.record_attendance(tx, loaded.programme, visit, VisitState.MISSED))


def _seek(loaded: Caseload, her: UUID, more: str) -> None:
    """What the ladder does on the day on which a rung is due."""
    kind, day = more.split()
    visit = _visit(loaded, her, kind, day)

    def climb(tx: Transaction) -> None:
        task = open_task(tx, NewTask(TaskKind.CALL_MISSED, her, visit_id=visit, about=str(visit)))
        tx.add(
            RungTaken,
            visit_id=visit,
            day=date.fromisoformat(day),
            rung="call",
            task_id=task,
            taken_at=tx.now,
        )

    loaded.act(climb)


def _remind(loaded: Caseload, her: UUID, more: str) -> None:
    about, _, end = more.partition(": ")
    step, _, kind, day = about.split()
    visit = _visit(loaded, her, kind, day)
    _note_text(loaded, her, end, "visits", step, visit, date.fromisoformat(day))


def _check_in(loaded: Caseload, her: UUID, end: str) -> None:
    _note_text(loaded, her, end, "check_ins", "check_in_weekly", her, loaded.now.astimezone(MASERU).date())


def _text(loaded: Caseload, her: UUID, end: str) -> None:
    loaded.act(lambda tx: _add_message(tx, her, end, None))


def _note_text(
    loaded: Caseload, her: UUID, end: str, plan: str, step: str, subject: UUID, speaks_of: date
) -> None:
    word, reason = re.split(r"\W", end)[0], end.partition(": ")[2] or None

    def add(tx: Transaction) -> None:
        ledger_id = new_id()
        message = None if word == "held" else _add_message(tx, her, end, ledger_id)
        tx.add(
            LedgerEntry,
            id=ledger_id,
            plan=plan,
            step=step,
            timing_version="1",
            client_id=her,
            subject_id=subject,
            occurrence=str(int(tx.now.timestamp())),
            due_at=tx.now,
            latest=tx.now + timedelta(hours=6),
            speaks_of=speaks_of,
            state=_LEDGER[word],
            reason=reason,
            message_id=message,
            planned_at=tx.now - timedelta(days=7),
            ended_at=tx.now,
        )

    loaded.act(add)


_LEDGER: Final = {
    "delivered": LedgerState.DELIVERED,
    "sent": LedgerState.SENT_NO_RECEIPT,
    "undelivered": LedgerState.FAILED,
    "refused": LedgerState.FAILED,
    "held": LedgerState.SUPPRESSED,
}
_MESSAGE: Final = {
    "delivered": MessageState.DELIVERED,
    "sent": MessageState.SENT,
    "undelivered": MessageState.UNDELIVERED,
    "refused": MessageState.FAILED,
}


def _add_message(tx: Transaction, her: UUID, end: str, ledger_id: UUID | None) -> UUID:
    told = re.search(r"by (\w+), (\d+) parts?, (?:(\w{3}) (\d[\d.]*))?", end)
    (link, *_) = links_of(tx, her)
    assert link.phone
    price = Decimal(told[4]) * 1_000_000 if told and told[4] else None
    return tx.add(
        Message,
        person_id=her,
        phone_id=link.phone_id,
        phone_index=tx.vault.index("phone", link.phone.e164),
        message_class=MessageClass.R2,
        lane=1,
        text_id="visit_d7",
        text_version="1",
        language="en",
        wording="T0",
        parts=int(told[2]) if told else 1,
        ledger_id=ledger_id,
        state=_MESSAGE[end.split()[0].rstrip(":")],
        not_before=tx.now,
        not_after=tx.now,
        next_attempt_at=tx.now,
        fence=1,
        attempts=1,
        gateway=told[1] if told else None,
        cost_micros=int(price) if price is not None else None,
        cost_currency=told[3] if told else None,
        created_at=tx.now,
        sent_at=tx.now if told else None,
        final_at=tx.now,
        actor=str(tx.actor),
    )


def _expose(loaded: Caseload, her: UUID, _: str) -> None:
    new = incident.NewIncident(her, "Her neighbour read a text.")
    loaded.act(lambda tx: incident.report_disclosure(tx, loaded.programme, new), OPERATOR)


def _move(loaded: Caseload, her: UUID, site: str) -> None:
    new = transfer.NewTransfer(her, loaded.sites[site], loaded.mentors[site])
    offered = loaded.act(lambda tx: transfer.offer(tx, loaded.programme, new), OPERATOR)
    assert loaded.act(lambda tx: transfer.accept(tx, loaded.programme, offered), OPERATOR) is None


def _verify(loaded: Caseload, her: UUID, _: str) -> None:
    verified = {"state": ClientState.ACTIVE, "verified_at": loaded.now}
    loaded.act(lambda tx: tx.connection.execute(update(Client).where(Client.id == her).values(verified)))


def _give_birth(loaded: Caseload, her: UUID, day: str) -> None:
    born = {"kind": ClientKind.BREASTFEEDING, "delivered_on": date.fromisoformat(day)}
    loaded.act(lambda tx: tx.connection.execute(update(Client).where(Client.id == her).values(born)))


def _merge(loaded: Caseload, her: UUID, other: str) -> None:
    assert loaded.act(lambda tx: merge.merge(tx, loaded.programme, loaded.women[other], her))


def _sample(loaded: Caseload, infant: UUID, day: str) -> None:
    taken = date.fromisoformat(day)
    found = loaded.act(lambda tx: samples.record_sample(tx, loaded.programme, infant, taken))
    assert isinstance(found, UUID), found


def _result(loaded: Caseload, infant: UUID, more: str) -> None:
    taken, result, back = more.split()
    which = select(InfantSample.id).where(
        InfantSample.infant_id == infant, InfantSample.taken_on == date.fromisoformat(taken)
    )

    def record(tx: Transaction) -> object:
        sample = tx.connection.execute(which).scalar_one()
        return samples.record_result(tx, loaded.programme, sample, Result(result), date.fromisoformat(back))

    assert loaded.act(record) is None


def _wean(loaded: Caseload, infant: UUID, day: str) -> None:
    weaned = date.fromisoformat(day)
    assert loaded.act(lambda tx: samples.record_weaning(tx, loaded.programme, infant, weaned)) is None


def _treat(loaded: Caseload, infant: UUID, day: str) -> None:
    begun = date.fromisoformat(day)
    assert loaded.act(lambda tx: samples.record_care(tx, loaded.programme, infant, begun)) is None


_Happening = Callable[[Caseload, UUID, str], None]
_OF_WOMEN: Final[dict[str, _Happening]] = {
    "handled": _handle,
    "tried": _try,
    "visit": _plan,
    "came": _come,
    "missed": _miss,
    "sought": _seek,
    "reminder": _remind,
    "check_in": _check_in,
    "text": _text,
    "incident": _expose,
    "moved_to": _move,
    "verified": _verify,
    "gave_birth": _give_birth,
    "same_as": _merge,
}
_OF_INFANTS: Final[dict[str, _Happening]] = {
    "sample": _sample,
    "result": _result,
    "weaned": _wean,
    "started_art": _treat,
}
