"""The credit at a provider: asked for by the worker alone, shown with its age, and somebody told in time."""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from handlers.app import create_app
from scheduler.credit import ask_for_credit
from service.actions.judge import SPENT
from service.actions.tally import add_to
from service.domain.message import Money
from service.domain.people import OPERATOR
from service.domain.tasks import TaskState, Urgency
from service.reports.credit import credit_at
from service.reports.troubles import TroubleKind, troubles
from service.store.models.care import Task, TaskEvent
from tests.staff.house import open_house
from tests.worker.village import MONDAY, Answering, Village, open_village

A_DAY = Decimal(40)


@dataclass
class Telling(Answering):
    """A provider that tells what is left, and counts who asks."""

    left: Money | None = None
    asked: int = 0

    def credit(self) -> Money | None:
        self.asked += 1
        return self.left


def tells(village: Village, amount: str | None) -> Telling:
    gateway = Telling(left=Money(Decimal(amount), "KES") if amount else None)
    village.parts = replace(village.parts, gateways={"fake": gateway})
    ask_for_credit(village.parts)
    return gateway


def spend(village: Village) -> None:
    """As much on each day of the last week."""
    for days in range(1, 8):
        day = MONDAY - timedelta(days=days)
        village.store.write(lambda tx, day=day: add_to(tx, SPENT, day, int(A_DAY * 1_000_000)), OPERATOR)  # type: ignore[misc]


def warned(village: Village) -> list[tuple[TaskState, Urgency]]:
    return [(row.state, row.urgency) for row in village.rows(Task.state, Task.urgency)]


def poor(village: Village) -> list[str]:
    found = village.store.read(lambda reading: troubles(reading, ("fake",)))
    return [trouble.why for trouble in found if trouble.kind is TroubleKind.CREDIT]


def test_somebody_is_told_once_when_it_would_not_last_three_days(database_url: str) -> None:
    with open_village(database_url) as village:
        spend(village)
        tells(village, "120.01")
        assert (warned(village), poor(village)) == ([], [])
        for _ in range(2):
            tells(village, "120")
            assert warned(village) == [(TaskState.OPEN, Urgency.TODAY)]
        assert poor(village) == ["120 KES"]
        assert len(village.rows(TaskEvent.id)) == 1
        tells(village, "500")
        assert warned(village) == [(TaskState.CLOSED, Urgency.TODAY)]
        assert poor(village) == []


def test_what_was_told_last_stands_with_its_age_when_nothing_is_told(database_url: str) -> None:
    with open_village(database_url) as village:
        tells(village, "7.25")
        told_at = village.clock.moment
        village.clock.moment += timedelta(hours=5)
        tells(village, None)
        credit = village.store.read(lambda reading: credit_at(reading, "fake"))
        assert credit
        assert (credit.left, credit.told_at) == (Money(Decimal("7.25"), "KES"), told_at)
        assert not credit.is_low


def test_an_account_that_owes_something_is_low_whatever_a_day_costs(database_url: str) -> None:
    with open_village(database_url) as village:
        tells(village, "-1")
        assert poor(village) == ["-1 KES"]


def test_no_page_asks_the_provider(database_url: str) -> None:
    with open_house(database_url) as house:
        on_call = house.village.staff("Lerato", "+26658007777", on_call=True)
        spend(house.village)
        gateway = tells(house.village, "100.00")
        house.app = create_app(house.village.parts)
        for path in ("/staff/sending", "/metrics", "/readyz"):
            house.coordinator.open(path)
        assert gateway.asked == 1
        assert "Little is left. left: 100 KES today, 08:00" in house.coordinator.open("/staff/sending").text
        found = house.coordinator.open("/metrics").html
        assert 'khopotso_credit{gateway="fake"} 100.0' in found
        assert 'khopotso_credit_low{gateway="fake"} 1.0' in found
        today = house.signed_in(on_call).open("/staff/today").text
        assert "Top up the account for texts by today, 16:00 fake: 100.00 KES Yours" in today
        assert house.coordinator.open("/readyz").html == "ready\ncredit\n"
