"""What an installation may send and spend in a day."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from service.domain.message import Accepted, Money
from tests.worker.village import MONDAY, Village, at

TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY = MONDAY + timedelta(days=2)


def test_when_the_money_of_the_day_is_spent_no_reminder_leaves(village: Village) -> None:
    village.parts = replace(village.parts, programme=replace(village.parts.programme, spend_cap=Decimal(1)))
    village.gateway.answers = [Accepted("p-1", 1, Money(Decimal("1.25"), "LSL"))]
    first = village.woman("+26658100001", "Thato")
    second = village.woman("+26658100002", "Lineo")
    village.visit(first, WEDNESDAY)
    village.clock.moment = at(TUESDAY, "10:00")
    village.tick()
    assert len(village.gateway.sent) == 1
    village.visit(second, WEDNESDAY)
    village.work_through(at(TUESDAY, "10:30"), at(TUESDAY, "16:30"), timedelta(hours=1))
    assert len(village.gateway.sent) == 1


def test_a_provider_that_names_no_price_spends_nothing(village: Village) -> None:
    village.parts = replace(village.parts, programme=replace(village.parts.programme, spend_cap=Decimal(1)))
    for number in range(3):
        village.visit(village.woman(f"+2665810000{number}", f"Woman{number}"), WEDNESDAY)
    village.clock.moment = at(TUESDAY, "10:00")
    village.tick()
    assert len(village.gateway.sent) == 3
