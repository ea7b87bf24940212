"""Whom the plans speak of in a family: the woman, her infants, their samples, every visit."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from service.actions.family import (
    SETTLED_AFTER,
    Chosen,
    Family,
    InfantDates,
    VisitDates,
)
from service.actions.infant_subjects import infant_subject, sample_subjects
from service.domain.care import Done, VisitKind, VisitState
from service.domain.ledger import LedgerState
from service.domain.people import ClientKind, ClientState
from service.domain.reason import Reason
from service.programme import Programme
from service.reminders.dates import Diary, Slot
from service.reminders.subject import Known, Subject
from service.reminders.vocabulary import Anchor, Circumstance, Unless, Whose

PREGNANCY: Final = timedelta(days=280)
"""From its beginning to the expected day of birth, which ends week 40."""

NEVER_LEFT: Final = (LedgerState.PLANNED, LedgerState.SUPPRESSED, LedgerState.HANDED_TO_PERSON)

GONE: Final[Mapping[ClientState, Reason]] = {
    ClientState.TRANSFERRED: Reason.TRANSFERRED,
    ClientState.ENDED: Reason.ENDED,
    ClientState.DIED: Reason.DIED,
}
"""Who is no longer looked after here. A woman who is merely muted is, only not by texts."""


@dataclass(frozen=True)
class Planned:
    """A subject, and the visits of whoever it is about.

    ``gone`` is why nothing more is to come of it, ``silent`` why nobody is to be texted about it.
    """

    subject: Subject
    diary: Diary
    gone: Reason | None
    silent: Reason | None


def planned(programme: Programme, family: Family, today: date) -> Iterator[Planned]:
    """Every subject of a family. Where she died, her child is looked after still, and nobody texts her."""
    silent = GONE.get(family.client.state)
    woman = Person(Whose.SELF, family.client.id, silent)
    yield Planned(_client(programme, family), _diary(family, woman), woman.gone, silent)
    people = {woman.id: woman}
    for infant in family.infants:
        child = Person(Whose.CHILD, infant.id, _left(infant) or _without_her(family))
        people[infant.id] = child
        diary = _diary(family, child)
        for subject in (infant_subject(programme, family, infant, today), *sample_subjects(family, infant)):
            yield Planned(subject, diary, child.gone, silent or child.gone)
    for visit in family.visits:
        person = people.get(visit.subject_id)
        if person and (visit.leads_on or visit.day >= today - SETTLED_AFTER):
            diary = _diary(family, person) if visit.leads_on else Diary()
            for subject in _visit(family, visit, person.whose, today):
                yield Planned(subject, diary, person.gone, silent or person.gone)


@dataclass(frozen=True)
class Person:
    """``gone`` is why she or the child is no longer looked after here."""

    whose: Whose
    id: UUID
    gone: Reason | None


def _without_her(family: Family) -> Reason | None:
    """Why a child is not looked after here any more because of its mother."""
    return None if family.client.state is ClientState.DIED else GONE.get(family.client.state)


def _left(infant: InfantDates) -> Reason | None:
    """An infant of whom only its mother has told is planned for: a reminder too few harms more."""
    return Reason.MUTED if infant.state is ClientState.MUTED else GONE.get(infant.state)


# --- the woman ----------------------------------------------------------------------------------------------


def _client(programme: Programme, family: Family) -> Subject:
    client = family.client
    anchors = {
        Anchor.ENROLMENT: client.enrolled,
        Anchor.EDD: client.edd,
        Anchor.ART_START: client.art_start,
    }
    on_treatment = client.art_start is not None or client.kind is ClientKind.ART
    return replace(
        family.subject(client.id, Whose.SELF, anchors),
        happened=frozenset({Unless.DELIVERED} if _has_delivered(family) else ()),
        circumstances=frozenset(
            {Circumstance(one.choice.value) for one in family.chosen}
            | ({Circumstance.ON_TREATMENT} if on_treatment else set())
        ),
        since=_since(programme, family),
        hours=dict(_hours(programme, family.chosen)),
        asked=family.asked,
        answered=frozenset(
            question for question, at in family.asked.items() if family.heard and family.heard > at
        ),
    )


def _has_delivered(family: Family) -> bool:
    """Whether a birth is known that lies after the beginning of the pregnancy of which she has a date."""
    births = {family.client.delivered_on, *(infant.born.day for infant in family.infants if infant.born)}
    edd = family.client.edd
    return any(day is not None and (edd is None or day > edd.day - PREGNANCY) for day in births)


def _since(programme: Programme, family: Family) -> Mapping[str, datetime]:
    since = dict(family.rules.since)
    for chosen in family.chosen:
        for step in _steps_for(programme, chosen):
            since[step] = max(chosen.since, since.get(step, chosen.since))
    return since


def _hours(programme: Programme, every: Iterable[Chosen]) -> Iterator[tuple[str, time]]:
    return ((step, one.at) for one in every if one.at for step in _steps_for(programme, one))


def _steps_for(programme: Programme, chosen: Chosen) -> Iterator[str]:
    """The steps that are only for whoever chose so."""
    return (
        step.id
        for plan in programme.plans
        for step in plan.timings
        if Circumstance(chosen.choice.value) in step.only
    )


# --- a visit ------------------------------------------------------------------------------------------------

_COMING: Final = (VisitState.PLANNED, VisitState.NOT_KNOWN, VisitState.ATTENDED, VisitState.MISSED)

_HAPPENED: Final = {
    VisitState.ATTENDED: Unless.ATTENDED,
    VisitState.MISSED: Unless.MISSED,
    VisitState.CANCELLED: Unless.CANCELLED,
}


def _visit(family: Family, visit: VisitDates, whose: Whose, today: date) -> Iterator[Subject]:
    """The visit itself, and once more for each thing that was done there."""
    happened = _HAPPENED.get(visit.state)
    recent = visit.day >= today - SETTLED_AFTER
    anchors = {
        _anchor(visit): Known(visit.day, visit.known_at) if recent else None,
        Anchor.DISPENSING: visit.came if visit.days_supplied else None,
    }
    subject = replace(
        family.subject(visit.id, whose, anchors),
        kind=visit.kind,
        interval_days=visit.interval_days or _supplied_for(family, visit) or _days_since_last(family, visit),
        supply_days=visit.days_supplied,
        missed_at=visit.missed_at,
        happened=frozenset({happened} if happened else ()),
        told=_told(family, visit),
    )
    yield _to_event(subject, visit) if visit.event_id else subject
    for done in sorted(visit.done):
        if visit.came:
            yield _followed(subject, visit, visit.came, done)


def _anchor(visit: VisitDates) -> Anchor:
    return Anchor.EVENT if visit.event_id else Anchor.VISIT


def _to_event(subject: Subject, visit: VisitDates) -> Subject:
    """An invitation, and from when she said that she will come the reminder of the day before."""
    if visit.state not in _COMING:
        return subject
    return replace(
        subject,
        happened=subject.happened | {Unless.COMING},
        circumstances=subject.circumstances | {Circumstance.COMING},
    )


def _followed(subject: Subject, visit: VisitDates, came: Known, done: Done) -> Subject:
    """What follows from one thing that was done: that she came is no end of it."""
    happened = frozenset({Unless.REFERRAL_DONE} if visit.referral_done else ())
    return replace(subject, anchors={Anchor.ATTENDED: came}, happened=happened, done=done)


def _supplied_for(family: Family, visit: VisitDates) -> int | None:
    """How long what was handed out lasts, which this visit is about; a closed day may shorten the wait."""
    source = visit.earned[1] if visit.earned else None
    return next((other.days_supplied for other in family.visits if other.id == source), None)


def _days_since_last(family: Family, visit: VisitDates) -> int | None:
    before = [
        (visit.day - other.day).days
        for other in family.visits
        if (other.subject_id, other.kind) == (visit.subject_id, visit.kind) and other.day < visit.day
    ]
    return min(before, default=None)


def _told(family: Family, visit: VisitDates) -> Mapping[str, int]:
    """How many texts of each step went out up to the last one that named another day than her date.

    So she is told anew of a date to which it came back, if she had been told of another one meanwhile.
    """
    went_out: Counter[str] = Counter()
    told: dict[str, int] = {}
    for row in family.rows_of.get(visit.id, ()):
        if row.state not in NEVER_LEFT:
            went_out[row.step] += 1
            if row.speaks_of != visit.day:
                told[row.step] = went_out[row.step]
    return told


# --- what is known of her visits ----------------------------------------------------------------------------

_EXPECTED_STILL: Final = (VisitState.PLANNED, VisitState.NOT_KNOWN, VisitState.MISSED)


def _diary(family: Family, person: Person) -> Diary:
    """The visits of a person; beside those of an infant its mother's own, which some of its dates ask for.

    That an infant was tested is known by the sample.
    """
    done: dict[Slot, set[date]] = defaultdict(set)
    written: dict[Slot, set[date]] = defaultdict(set)
    whose = {family.client.id: Whose.SELF, person.id: person.whose}
    for visit in family.visits:
        if visit.subject_id not in whose:
            continue
        slot = (whose[visit.subject_id], visit.kind)
        if visit.came and slot != _TESTS:
            done[slot].add(visit.came.day)
        elif visit.dated_by_person and visit.state in _EXPECTED_STILL:
            written[slot].add(visit.day)
    done[_TESTS] |= {one.sample.taken_on for one in family.samples if one.infant_id == person.id}
    return Diary(done, written)


_TESTS: Final[Slot] = (Whose.CHILD, VisitKind.INFANT_TEST)
