"""What is counted of calls, and the line to whoever was cut off and wished for it."""

from datetime import timedelta
from uuid import UUID

import pytest

from scheduler.housekeeping import text_who_was_cut_off
from service.domain.ids import new_id
from service.domain.people import SYSTEM, Choice
from service.domain.phone import Phone
from service.reports.funnel import ScreenCount, funnel
from service.store.models.plans import ClientChoice
from service.store.transaction import Transaction
from tests.journeys.calls import Line
from tests.journeys.service import Service
from tests.worker.village import MONDAY, at

PHONE = Phone("+26658100001")


@pytest.fixture
def woman(service: Service) -> UUID:
    service.village.clock.moment = at(MONDAY, "12:00")
    service.village.staff("Palesa", "+26658100050", on_call=True)
    woman_id = service.village.woman()
    service.village.visit(woman_id, MONDAY + timedelta(days=3))
    return woman_id


def wishes(service: Service, woman_id: UUID) -> None:
    def choose(tx: Transaction) -> None:
        tx.add(
            ClientChoice,
            id=new_id(),
            client_id=woman_id,
            choice=Choice.CUT_OFF,
            chosen_at=tx.now,
            actor="test",
        )

    service.village.store.write(choose, SYSTEM)


def later(service: Service, minutes: int) -> None:
    service.village.clock.moment += timedelta(minutes=minutes)
    text_who_was_cut_off(service.village.parts)
    service.village.tick()


def told(service: Service) -> list[str]:
    return [text for text in service.sent() if "finish" in text]


def counted(service: Service) -> dict[str, ScreenCount]:
    now = service.village.clock.moment
    day = timedelta(days=1)
    found = service.village.store.read(lambda reading: funnel(reading, now - day, now + day))
    return {count.screen: count for count in found}


def test_each_screen_is_counted_once_however_often_it_is_asked_for(service: Service, woman: UUID) -> None:
    line = Line(service, PHONE)
    line.dial()
    line.repeat()
    service.village.clock.moment += timedelta(seconds=4)
    line.type("1")
    line.repeat()
    found = counted(service)
    assert found["home"] == ScreenCount("home", entered=1, left=1, ended=0, answered_ms=4000)
    assert found["next_date"] == ScreenCount("next_date", entered=1, left=0, ended=0, answered_ms=None)


def test_whoever_neither_answers_nor_comes_to_an_end_was_dropped(service: Service, woman: UUID) -> None:
    line = Line(service, PHONE)
    line.dial()
    line.type("1")
    line.dial()
    line.type("2")
    line.type("2")
    found = counted(service)
    assert (found["next_date"].dropped, found["call_asked"].dropped, found["home"].dropped) == (1, 0, 0)
    assert (found["call_asked"].ended, found["welcome_back"].left) == (1, 1)


def test_she_who_wished_for_it_hears_once_that_she_can_go_on(service: Service, woman: UUID) -> None:
    wishes(service, woman)
    line = Line(service, PHONE)
    line.dial()
    line.type("1")
    later(service, 2)
    assert told(service) == []
    later(service, 2)
    later(service, 2)
    assert told(service) == ["Hello Thato. You can finish by dialling *123#."]


def test_whoever_did_not_wish_for_it_hears_nothing(service: Service, woman: UUID) -> None:
    line = Line(service, PHONE)
    line.dial()
    line.type("1")
    later(service, 4)
    assert told(service) == []


@pytest.mark.parametrize("keys", [(), ("2",)], ids=["nothing begun", "come to an end"])
def test_nothing_is_left_to_finish(service: Service, woman: UUID, keys: tuple[str, ...]) -> None:
    wishes(service, woman)
    line = Line(service, PHONE)
    line.dial()
    for key in keys:
        line.type(key)
    later(service, 4)
    assert told(service) == []


def test_whoever_has_called_again_hears_nothing(service: Service, woman: UUID) -> None:
    wishes(service, woman)
    line = Line(service, PHONE)
    line.dial()
    line.type("1")
    service.village.clock.moment += timedelta(minutes=1)
    line.dial()
    line.type("2")
    later(service, 3)
    assert told(service) == []
