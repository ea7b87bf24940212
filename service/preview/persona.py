"""Somebody who does not exist, taken in by the same actions as everybody else."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from service.actions import enrol, events, sites, staff, visits
from service.domain.care import VisitKind, VisitState
from service.domain.people import ClientKind, ConsentChannel, InfantRisk, PhoneOwner, Role, Wording
from service.domain.phone import Phone
from service.programme import Programme
from service.reminders.plan import PerSite, Timing
from service.store.models.plans import SiteSwitch
from service.store.transaction import Transaction

FICTION: Final = "+12025550"
"""Numbers that the North American Numbering Plan keeps free for fiction."""

HER_PHONE, MENTOR_PHONE = Phone(FICTION + "121"), Phone(FICTION + "111")
SITE, DISTRICT = "Preview", "Preview"
_OF_THE_INFANT: Final = frozenset({VisitKind.INFANT_TEST, VisitKind.VACCINE})


@dataclass(frozen=True)
class Persona:
    """``born_on`` is her infant's day of birth, ``visits`` are dated by a person from the first day on.

    ``days_supplied`` is what is handed out at each refill, the first of them on the first day.
    ``switched`` are the steps that her site has turned from their default, ``events`` its outreach days.
    """

    kind: ClientKind
    language: str
    wording: Wording = Wording.T0
    nickname: str = "Thato"
    mentor: str = "Lineo"
    owner: PhoneOwner = PhoneOwner.OWN
    consents: frozenset[ConsentChannel] = frozenset(ConsentChannel)
    age: int | None = None
    edd: date | None = None
    born_on: date | None = None
    infant: str = "Pule"
    risk: InfantRisk | None = None
    weaned_on: date | None = None
    days_supplied: int | None = None
    visits: tuple[tuple[VisitKind, date], ...] = ()
    events: tuple[date, ...] = ()
    switched: frozenset[str] = field(default_factory=frozenset)


def take_in(tx: Transaction, programme: Programme, persona: Persona) -> UUID:
    """Enrol her today at a site that may send; her own id."""
    site_id = _site(tx, programme, persona.switched)
    mentor_id = _mentor(tx, persona, site_id)
    client_id = enrol.enrol_client(tx, _client(programme.today(tx.now), persona, site_id, mentor_id))
    infant_id = None
    if persona.born_on:
        infant_id = enrol.enrol_infant(tx, _infant(client_id, persona.born_on, persona), persona.language)
    if persona.days_supplied:
        _hand_out(tx, programme, client_id, persona.days_supplied)
    for day in persona.events:
        events.add_event(tx, events.NewEvent(site_id, None, VisitKind.OUTREACH, day))
    for kind, day in persona.visits:
        whose = infant_id if infant_id and kind in _OF_THE_INFANT else client_id
        visits.plan_visit(tx, programme, visits.NewVisit(client_id, whose, kind, day))
    return client_id


def _site(tx: Transaction, programme: Programme, switched: frozenset[str]) -> UUID:
    site_id = sites.add_site(tx, SITE, DISTRICT)
    if site_id is None:
        raise RuntimeError("A persona needs an empty database.")
    sites.activate(tx, site_id)
    for step in switchable(programme):
        if step.id in switched:
            is_on = step.per_site is PerSite.OFF
            tx.add(
                SiteSwitch,
                site_id=site_id,
                step=step.id,
                is_on=is_on,
                switched_at=tx.now,
                actor=str(tx.actor),
            )
    return site_id


def switchable(programme: Programme) -> tuple[Timing, ...]:
    """The steps that a site may turn from their default."""
    steps = (step for plan in programme.plans for step in plan.timings)
    return tuple(step for step in steps if step.per_site is not PerSite.ALWAYS)


def _mentor(tx: Transaction, persona: Persona, site_id: UUID) -> UUID:
    """Her Mentor Mother, who is also on call: there is nobody else."""
    roles = frozenset({Role.MENTOR})
    staff.add_staff(
        tx, staff.NewStaff(persona.mentor, MENTOR_PHONE, persona.language, roles, (site_id,), on_call=True)
    )
    mentor_id = staff.find_staff(tx, persona.mentor)
    if mentor_id is None:
        raise RuntimeError("The mentor was not taken on.")
    return mentor_id


def _client(today: date, persona: Persona, site_id: UUID, mentor_id: UUID) -> enrol.NewClient:
    return enrol.NewClient(
        phone=HER_PHONE,
        nickname=persona.nickname,
        language=persona.language,
        site_id=site_id,
        enrolled_on=today,
        consents=persona.consents,
        phone_confirmed=True,
        mentor_id=mentor_id,
        kind=persona.kind,
        wording=persona.wording,
        phone_owner=persona.owner,
        born_on=_birthday(today, persona.age),
        edd=persona.edd,
    )


def _birthday(today: date, age: int | None) -> date | None:
    """Some birthday of somebody of that age."""
    return date(today.year - age, 1, 1) if age is not None else None


def _infant(mother_id: UUID, born_on: date, persona: Persona) -> enrol.NewInfant:
    return enrol.NewInfant(
        mother_id=mother_id,
        nickname=persona.infant,
        born_on=born_on,
        risk=persona.risk,
        weaned_on=persona.weaned_on,
    )


def _hand_out(tx: Transaction, programme: Programme, client_id: UUID, days: int) -> None:
    today = programme.today(tx.now)
    new = visits.NewVisit(client_id, client_id, VisitKind.REFILL, today, days_supplied=days)
    visit_id = visits.plan_visit(tx, programme, new)
    if visit_id:
        visits.record_attendance(tx, programme, visit_id, VisitState.ATTENDED)
