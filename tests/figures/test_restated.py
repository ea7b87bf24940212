"""What is written down late stands beside what was published."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from handlers.app import create_app
from service.actions.contacts import note_contact
from service.actions.publish import publish
from service.actions.roll_up import refresh
from service.actions.staff import NewStaff, take_on
from service.domain.care import ContactMode
from service.domain.ids import new_id
from service.domain.people import OPERATOR, Role
from service.domain.phone import Phone
from service.reports.figures import Counting, read_period, shipped
from service.store.records import client
from tests.staff.house import House
from tests.worker.village import MASERU, Village, at, open_village

LAST_OF_OCTOBER = date(2026, 10, 31)


def call(village: Village, her: UUID) -> None:
    """Logged now, of the last day of October."""
    noon = at(LAST_OF_OCTOBER, "12:00")
    village.store.write(
        lambda tx: note_contact(tx, client(tx, her), ContactMode.CALL, "staff", new_id(), occurred_at=noon),
        OPERATOR,
    )
    village.clock.moment += timedelta(hours=1)
    while refresh(village.store, Counting(shipped(), MASERU), OPERATOR, 100):
        pass


@pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)
def test_late_data_stands_beside_what_was_published(database_url: str) -> None:
    with open_village(database_url, at(date(2026, 11, 1), "08:00")) as village:
        her = village.woman(enrolled_on=LAST_OF_OCTOBER)
        call(village, her)
        counting, october = Counting(shipped(), MASERU), read_period("2026-10")
        assert isinstance(village.store.write(lambda tx: publish(tx, counting, october), OPERATOR), UUID)
        call(village, her)
        new = NewStaff("Nteboheng", Phone("+26658000999"), "en", frozenset({Role.COORDINATOR}), ())
        colleague = village.store.write(lambda tx: take_on(tx, new), OPERATOR)
        assert isinstance(colleague, UUID)
        browser = House(village, create_app(village.parts)).signed_in(colleague)
        page = browser.open("/staff/figures?period=2026-10")
    assert "2 published: 1" in page.text
    assert page.text.count("published:") == 1
