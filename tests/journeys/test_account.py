"""A provider that refuses our account: the queue waits, a person hears of it, and nothing is burnt."""

import sys
import time
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.gateways.definition import Surroundings
from handlers.gateways.twilio import Settings, Twilio
from scheduler import housekeeping
from scheduler.clock import JOBS
from service.actions.route import Line
from service.actions.task_life import give
from service.domain.message import MessageClass
from service.domain.people import OPERATOR
from service.domain.tasks import TaskFact
from service.reports.troubles import Trouble, TroubleKind, troubles
from service.store.models.care import Task
from service.store.models.messages import Message
from tests.gateways.dialects import TWILIO
from tests.gateways.faults import MODES, OK, Answering, always
from tests.gateways.stand_in import StandIn, serving
from tests.journeys.service import Service
from tests.worker.village import MONDAY, at

ON_CALL = "+26658100060"
ALERT = "staff_account"
TEN = at(MONDAY, "10:00")
ACCOUNT = {"account_sid": f"AC{'0' * 32}", "auth_token": "token", "from": "Khopotso"}


@pytest.fixture
def alone(service: Service) -> Service:
    """One provider, and somebody on call."""
    service.village.staff("Palesa", ON_CALL, on_call=True)
    service.village.clock.moment = TEN
    return service


@pytest.fixture
def other(alone: Service) -> Iterator[StandIn]:
    """A second provider, behind its own official client."""
    with serving(dialect=TWILIO) as provider:
        settings = Settings.model_validate({**ACCOUNT, "base_url": provider.url})
        twilio = Twilio(settings, Surroundings(terminal=sys.stdout))
        parts = alone.village.parts
        alone.village.parts = replace(
            parts,
            gateways={**parts.gateways, twilio.name: twilio},
            lines=(*parts.lines, Line(twilio.name, 1000.0)),
        )
        yield provider


def number(index: int) -> str:
    return f"+266581001{index:02d}"


def reminders(service: Service, count: int, useful: timedelta = timedelta(hours=6), first: int = 0) -> None:
    not_after = service.village.clock.moment + useful
    for index in range(first, first + count):
        woman = service.village.woman(number(index), f"Thato {index}")
        service.village.put(MessageClass.R2, woman, number(index), not_after=not_after)


def work(service: Service, **time: int) -> None:
    """Every job that a worker would have done by then, as often."""
    until = service.village.clock.moment + timedelta(**time)
    while service.village.clock.moment < until:
        service.village.clock.moment += timedelta(seconds=15)
        housekeeping.tell_of_accounts(service.village.parts)
        service.village.dispatch()


def found(service: Service) -> tuple[Trouble, ...]:
    gateways = service.village.parts.gateways
    return service.village.store.read(lambda reading: troubles(reading, gateways))


@pytest.mark.parametrize(("mode", "why"), [("no-credit", "no_credit"), ("bad-key", "bad_account")])
def test_whoever_is_on_call_gets_a_text_over_another_provider_within_two_minutes(
    alone: Service, other: StandIn, mode: str, why: str
) -> None:
    alone.provider.choose = always(mode)
    reminders(alone, 3)
    work(alone, seconds=120)
    assert [sent.number for sent in other.accepted if "list" in sent.text] == [ON_CALL]
    assert alone.village.tasks() == ["gateway"]
    (trouble,) = found(alone)
    assert (trouble.kind, trouble.about, trouble.why) == (TroubleKind.ACCOUNT, "africastalking", why)
    work(alone, minutes=3)
    assert {sent.number for sent in other.accepted} == {ON_CALL, number(0), number(1), number(2)}


def test_the_job_that_tells_of_it_runs_often_enough() -> None:
    (every,) = (job.every for job in JOBS if job.name == "tell_of_accounts")
    assert every <= 30


def test_an_outage_is_told_once_and_the_next_one_again(alone: Service, other: StandIn) -> None:
    for outage in (1, 2):
        alone.provider.choose = always("no-credit")
        reminders(alone, 1, first=outage)
        work(alone, minutes=10)
        assert len([sent for sent in other.accepted if sent.number == ON_CALL]) == outage
        alone.provider.choose = OK
        reminders(alone, 1, first=70 + outage)
        work(alone, minutes=2)
        assert found(alone) == ()
    closed = alone.village.rows(Task.state, Task.reason)
    assert [(row.state, row.reason) for row in closed] == [("closed", "well_again")] * 2


def test_each_to_whom_an_outage_climbs_hears_of_it_once(alone: Service, other: StandIn) -> None:
    village, above = alone.village, "+26658100061"
    next_one = village.staff("Mosa", above)
    alone.provider.choose = always("no-credit")
    reminders(alone, 1)
    work(alone, minutes=1)
    ((task_id,),) = village.rows(Task.id)
    village.store.write(lambda tx: give(tx, task_id, next_one, TaskFact.ESCALATED), OPERATOR)
    work(alone, minutes=10)
    assert [sent.number for sent in other.accepted if "list" in sent.text] == [ON_CALL, above]


def test_without_another_provider_the_queue_waits_and_nothing_is_burnt(alone: Service) -> None:
    """One text a minute tries the account; what waits longer than it is of use never leaves."""
    alone.provider.choose = always("no-credit")
    reminders(alone, 3)
    reminders(alone, 2, useful=timedelta(minutes=5), first=50)
    work(alone, minutes=10)
    assert len(alone.provider.asked) <= 5 + 10, "all of them at once, and then one a minute"
    alone.provider.choose = OK
    work(alone, minutes=4)
    assert {sent.number for sent in alone.provider.accepted} == {number(index) for index in range(3)}
    states = alone.village.rows(Message.state, Message.reason, Message.phone_id)
    assert sorted((row.state.value, row.reason) for row in states) == [
        *[("accepted", None)] * 3,
        *[("cancelled", "too_late")] * 2,
    ]
    assert not [row for row in alone.village.rows(Message.text_id) if row.text_id == ALERT]


def test_what_waited_leaves_at_the_usual_pace(alone: Service) -> None:
    parts = alone.village.parts
    alone.village.parts = replace(parts, lines=(Line("africastalking", 20.0),))
    alone.provider.choose = always("no-credit")
    reminders(alone, 30)
    work(alone, minutes=3)
    handed = []

    def at_this_moment(_: dict[str, str]) -> Answering:
        handed.append(time.monotonic())
        return MODES["ok"]

    alone.provider.choose = at_this_moment
    work(alone, minutes=3)
    assert len(handed) == 30
    most_at_once = max(bisect_right(handed, moment + 0.5) - place for place, moment in enumerate(handed))
    assert most_at_once <= 22, "half a second's worth may have been saved up, and as much comes in its time"


def test_a_text_of_which_nobody_knows_is_not_handed_to_another_provider(
    alone: Service, other: StandIn
) -> None:
    alone.provider.choose = always("reset")
    reminders(alone, 1)
    work(alone, minutes=10)
    assert len(alone.provider.accepted) == 1
    assert other.accepted == []
    assert alone.village.message_states() == ["unknown"]
