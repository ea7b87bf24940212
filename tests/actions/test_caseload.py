"""Whatever screen of the desk she comes to, a Mentor Mother neither sees nor changes another's client."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import get_args
from uuid import UUID

import pytest
from sqlalchemy import select

from service.actions import enrol, samples, sites, visits
from service.actions.caller import CallerFacts, who_calls
from service.actions.carry_out import carry_out
from service.domain.care import VisitKind
from service.domain.effects import AskSafeCall, DangerSigns, Effect, Outcome, Patient, ReportDanger
from service.domain.ids import new_id
from service.domain.people import SYSTEM
from service.domain.phone import Phone
from service.domain.staff_effects import (
    CloseCall,
    CloseDay,
    Enrol,
    GoOnLeave,
    LetChoosePin,
    MarkVisit,
    SendReminder,
    StaffEffect,
    TakeTask,
    TextsAgain,
    VerifyBaby,
)
from service.menu.machine import Turn
from service.menu.render import render
from service.menu.screens.desk import DESK
from service.menu.session import Session
from service.menu.walk import has_more, options
from service.store.models.care import Task
from service.store.models.people import Client
from service.store.transaction import Transaction
from tests.journeys.calls import facts
from tests.journeys.desk import MENTORS_PHONE, code, morning
from tests.worker.village import MONDAY, Village, at

OTHERS_PHONE = Phone("+26658100071")
"""Of a client at another site, in the care of somebody else."""

TELLING = ("Keketso", "Tumi", "Lesedi", "58100071", "Thaba Demo 2")


@dataclass(frozen=True)
class Foreign:
    code: str
    infant: UUID
    visit: UUID
    tasks: tuple[UUID, ...]
    site: UUID


@pytest.fixture
def foreign(sqlite_village: Village) -> Foreign:
    """A client of another's with everything that a screen could show: in danger, with a child and a word."""
    village = sqlite_village
    village.clock.moment = at(MONDAY, "12:00")
    morning(village, "en")
    site = village.store.write(lambda tx: sites.add_site(tx, "Thaba Demo 2", "Berea"), SYSTEM)
    assert site
    village.store.write(lambda tx: sites.activate(tx, site), SYSTEM)
    mentor = village.staff("Mpho", "+26658100072", site=site)
    woman = village.woman(OTHERS_PHONE.e164, "Keketso", site_id=site, mentor_id=mentor)
    visit = village.visit(woman, MONDAY)
    return village.store.write(lambda tx: _troubles(tx, village, woman, visit, site), SYSTEM)


def _troubles(tx: Transaction, village: Village, woman: UUID, visit: UUID, site: UUID) -> Foreign:
    programme = village.parts.programme
    infant = enrol.enrol_infant(tx, enrol.NewInfant(woman, "Tumi", MONDAY - timedelta(days=60)), "en")
    samples.record_sample(tx, programme, infant, MONDAY - timedelta(days=14))
    visits.plan_visit(
        tx, programme, visits.NewVisit(woman, woman, VisitKind.REFILL, MONDAY + timedelta(days=9))
    )
    her = who_calls(tx, OTHERS_PHONE, "ussd", new_id())
    for effect in (ReportDanger(Patient.HERSELF, DangerSigns.MOTHER_FIRST), AskSafeCall("Lesedi")):
        carry_out(tx, programme, her, effect)
    tasks = tuple(tx.connection.scalars(select(Task.id).where(Task.client_id == woman)))
    her_code = tx.connection.scalars(select(Client.code).where(Client.id == woman)).one()
    return Foreign(her_code, infant, visit, tasks, site)


def answers(foreign: Foreign, task: UUID, why: str) -> Mapping[str, str]:
    """Everything that any screen may ask of the screens before it."""
    return {
        "code": foreign.code,
        "task": str(task),
        "baby": "Somebody",
        "baby_id": str(foreign.infant),
        "day": MONDAY.isoformat(),
        "site": str(foreign.site),
        "why": why,
        "answer": "negative",
        "method": "phone",
        "beginning": "Ha",
        "number": "+26658100077",
        "nickname": "Neo",
        "kind": "art",
        "language": "en",
        "owner": "own",
        "consent": "all",
        "wording": "T0",
        "hours": "morning",
        "stand_in": "",
        "outcome": "done",
    }


WHY = ("number", "seen", "pregnancy_loss", "infant_death")


def turns(tx: Transaction, village: Village, foreign: Foreign) -> Iterator[Turn]:
    """Every page of every screen of the desk, with another's client in all that was answered before."""
    programme = village.parts.programme
    caller = who_calls(tx, MENTORS_PHONE, "ussd", new_id())
    at_desk = CallerFacts(tx, programme, caller)
    for name in DESK:
        for task, why in zip(foreign.tasks * 2, WHY, strict=True):
            session = Session(name, "en", answers(foreign, task, why), inside=str(caller.staff_id))
            screen = programme.screens.table[name](session, at_desk)
            for page in range(5):
                turn = Turn(Session(name, "en", session.answers, page=page, inside=session.inside), screen)
                yield turn
                if not has_more(programme.screens, turn):
                    break


def test_no_screen_shows_anything_of_her(sqlite_village: Village, foreign: Foreign) -> None:
    screens = sqlite_village.parts.programme.screens
    told = sqlite_village.store.write(
        lambda tx: [
            (turn.session.screen, word)
            for turn in turns(tx, sqlite_village, foreign)
            for word in TELLING
            if word in render(screens, turn) and turn.session.screen != "move_which"
        ],
        SYSTEM,
    )
    assert told == []


def forged(foreign: Foreign) -> tuple[Effect, ...]:
    """What her screens offer for clients of her own alone."""
    return (
        *(kind(foreign.code) for kind in (SendReminder, LetChoosePin, TextsAgain)),
        *(TakeTask(task) for task in foreign.tasks),
        *(CloseCall(task) for task in foreign.tasks),
        MarkVisit(foreign.visit, came=False),
        VerifyBaby(foreign.infant),
        CloseDay(foreign.site, MONDAY),
    )


def test_no_screen_changes_anything_for_her(sqlite_village: Village, foreign: Foreign) -> None:
    village = sqlite_village
    programme, before = village.parts.programme, village.store.read(facts)

    def try_all(tx: Transaction) -> list[tuple[Effect, str]]:
        palesa = who_calls(tx, MENTORS_PHONE, "ussd", new_id())
        offered = (
            effect
            for turn in turns(tx, village, foreign)
            for option in options(programme.screens, turn)
            for effect in option.effects
        )
        causes = (*filter(partial(names, foreign), offered), *forged(foreign))
        return [(effect, carry_out(tx, programme, palesa, effect)) for effect in causes]

    tried = village.store.write(try_all, SYSTEM)
    assert {type(effect) for effect, _ in tried} == set(get_args(StaffEffect)) - {Enrol, GoOnLeave}
    assert [effect for effect, outcome in tried if outcome != Outcome.NOT_HERS] == []
    assert village.store.read(facts) == before


def names(foreign: Foreign, effect: Effect) -> bool:
    """Whether an effect is about her, hers, or a task or site that is not Palesa's."""
    named = {str(value) for value in vars(effect).values()}
    return bool(named & {foreign.code, str(foreign.infant), str(foreign.site), *map(str, foreign.tasks)})


def test_the_same_walk_changes_much_for_a_client_of_her_own(
    sqlite_village: Village, foreign: Foreign
) -> None:
    own = replace(foreign, code=code(10003))
    screens = sqlite_village.parts.programme.screens
    seen = sqlite_village.store.write(
        lambda tx: "\n".join(render(screens, turn) for turn in turns(tx, sqlite_village, own)), SYSTEM
    )
    assert "Neo" in seen
    assert "Pule" in seen
