"""S8: after a positive result the routine stops at once, a person speaks first, and no text says anything."""

from uuid import UUID

import pytest

from scheduler import planner
from service.actions import enrol, samples
from service.domain.care import VisitKind
from service.domain.cascade import Result
from service.domain.message import MessageClass
from service.domain.people import Wording
from service.store.models.care import Task
from service.store.models.messages import Message
from tests.safety.place import BABY, COORDINATORS, DAY, HERS, MENTORS, Place
from tests.worker.village import at

TELLING = ("little one", "baby", BABY, "result", "booklet")


class Awaited:
    """A mother who agreed to mother-and-baby words, and a baby with a next date and a sample on its way."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.mother = place.woman(wording=Wording.T1)
        new = enrol.NewInfant(self.mother, BABY, place.today - 60 * DAY)
        self.baby = place.act(lambda tx: enrol.enrol_infant(tx, new, "en"))
        self.dated = place.village.visit(self.mother, place.today + 2 * DAY, VisitKind.INFANT_TEST, self.baby)
        programme = place.village.parts.programme
        taken = place.today - 10 * DAY
        sample = place.act(lambda tx: samples.record_sample(tx, programme, self.baby, taken))
        assert isinstance(sample, UUID)
        self.sample = sample

    def comes_back(self, result: Result) -> None:
        programme, today = self.place.village.parts.programme, self.place.today
        self.place.act(lambda tx: samples.record_result(tx, programme, self.sample, result, today))


@pytest.fixture
def family(place: Place) -> Awaited:
    return Awaited(place)


def hers(place: Place) -> list[str]:
    """What became of the texts to her."""
    rows = place.village.rows(Message.state, Message.message_class)
    return [row.state.value for row in rows if row.message_class is not MessageClass.S]


def test_s08_the_routine_stops_in_the_same_transaction_what_waits_to_leave_included(family: Awaited) -> None:
    place = family.place
    place.village.clock.moment = at(place.today + DAY, "10:00")
    planner.put_due(place.village.parts)
    assert hers(place) == ["queued"]
    family.comes_back(Result.POSITIVE)
    assert hers(place) == ["cancelled"]
    assert place.village.visit_state(family.dated)[0] == "cancelled"
    place.later(days=6)
    assert not [text for text in place.got() for word in TELLING if word in text]


def test_s08_her_mentor_and_the_coordinator_are_asked_the_same_day(family: Awaited) -> None:
    family.comes_back(Result.POSITIVE)
    assert family.place.open_tasks("see_at_once") == [
        ("see_at_once", MENTORS),
        ("see_at_once", COORDINATORS),
    ]
    rows = family.place.village.rows(Task.kind, Task.due_at)
    assert all(row.due_at - family.place.now <= DAY for row in rows if row.kind == "see_at_once")


@pytest.mark.parametrize("result", Result)
def test_s08_no_result_is_told_by_text(family: Awaited, result: Result) -> None:
    before = len(family.place.got(HERS))
    family.comes_back(result)
    family.place.later(hours=2)
    assert family.place.got(HERS)[before:] == []
