"""Who counts as new and as reached, and how often."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from service.actions import merge
from service.domain.care import ContactMode, VisitState
from service.domain.people import OPERATOR, ClientState, EnrolledThrough, Sex
from service.store.models.people import Client
from tests.reports.counted import cells, meet, whole
from tests.worker.changes import record
from tests.worker.village import MONDAY, Village, at

DAY = timedelta(days=1)
OCTOBER_LAST = date(2026, 10, 31)


def test_whoever_is_met_remotely_first_is_a_new_client_reached(village: Village) -> None:
    woman = village.woman(born_on=date(2003, 11, 24), sex=Sex.FEMALE)
    assert cells(village, "ES_NEW") == {}
    meet(village, woman, ContactMode.CALL, MONDAY + DAY)
    meet(village, woman, ContactMode.HOME_VISIT, MONDAY + 2 * DAY)
    assert cells(village, "ES_NEW") == {
        "": 1,
        "age_band=20-24;sex=female": 1,
        "dreams_band=20-24": 1,
        "client_type=pregnant": 1,
        "mode=call": 1,
        "age_band=20-24;sex=female;mode=call": 1,
    }


def test_whoever_is_met_in_person_first_is_not(village: Village) -> None:
    woman = village.woman()
    meet(village, woman, ContactMode.HOME_VISIT)
    meet(village, woman, ContactMode.SMS, MONDAY + DAY)
    assert (whole(village, "ES_NEW"), whole(village, "NEW"), whole(village, "ES_REACHED")) == (0, 1, 1)


def test_an_attended_visit_is_a_meeting_in_person(village: Village) -> None:
    woman = village.woman()
    visit = village.visit(woman, MONDAY)
    record(village, visit, VisitState.ATTENDED)
    meet(village, woman, ContactMode.SMS, MONDAY, "07:00")
    assert whole(village, "ES_NEW") == 0


def test_a_text_that_only_we_sent_counts_for_nothing(village: Village) -> None:
    village.put(person=village.woman())
    village.dispatch()
    assert [whole(village, one) for one in ("ES_NEW", "ES_REACHED", "ES_CONTACTS")] == [0, 0, 0]


def test_whoever_registered_herself_counts_once_a_person_has_spoken_to_her(village: Village) -> None:
    woman = village.woman(state=ClientState.PENDING, enrolled_through=EnrolledThrough.USSD)
    meet(village, woman, ContactMode.USSD)
    assert [whole(village, one) for one in ("ES_NEW", "ES_NEW_ENR", "ES_REACHED", "ES_CONTACTS")] == [0] * 4
    verify(village, woman)
    assert [whole(village, one) for one in ("ES_NEW", "ES_NEW_ENR", "ES_REACHED", "ES_CONTACTS")] == [1] * 4


def verify(village: Village, woman: UUID) -> None:
    verified = update(Client).where(Client.id == woman)
    village.store.write(
        lambda tx: tx.connection.execute(verified.values(state=ClientState.ACTIVE, verified_at=tx.now)),
        OPERATOR,
    )


def test_a_client_counts_once_a_period_and_a_quarter_is_not_the_sum_of_its_months(village: Village) -> None:
    woman = village.woman(enrolled_on=date(2026, 10, 5))
    for day in (OCTOBER_LAST, MONDAY, MONDAY + DAY):
        meet(village, woman, day=day)
    periods = ("2026-10", "2026-11", "2026Q4", "FY2027")
    assert [whole(village, "ES_REACHED", one) for one in periods] == [1, 1, 1, 1]
    assert [whole(village, "ES_CONTACTS", one) for one in periods] == [1, 2, 3, 3]


@pytest.mark.parametrize(("clock", "month"), [("23:59", "2026-10"), ("00:00", "2026-11")])
def test_a_month_begins_at_midnight_in_maseru(village: Village, clock: str, month: str) -> None:
    """Which is 22:00 UTC of the day before."""
    day = OCTOBER_LAST if clock == "23:59" else OCTOBER_LAST + DAY
    meet(village, village.woman(enrolled_on=date(2026, 1, 1)), day=day, clock=clock)
    assert whole(village, "ES_REACHED", month) == 1


def test_by_mode_she_counts_for_each_and_in_the_whole_once(village: Village) -> None:
    woman = village.woman()
    meet(village, woman, ContactMode.SMS)
    meet(village, woman, ContactMode.WHATSAPP)
    found = cells(village, "ES_REACHED")
    assert (found[""], found["mode=sms"], found["mode=whatsapp"]) == (1, 1, 1)


def test_age_groups_add_up_to_the_whole_also_over_a_birthday(village: Village) -> None:
    woman = village.woman(born_on=date(2006, 11, 25))
    for day in (MONDAY, MONDAY + 5 * DAY):
        meet(village, woman, day=day)
    assert {code: n for code, n in cells(village, "ES_REACHED").items() if code.startswith("dreams")} == {
        "dreams_band=15-19": 1
    }
    assert cells(village, "ES_CONTACTS")["age_band=20-24;sex=unknown"] == 1


def test_two_records_of_one_woman_are_one(village: Village) -> None:
    one = village.woman(enrolled_on=date(2026, 10, 5))
    other = village.woman("+26658100002", "Lineo")
    village.clock.moment = at(MONDAY, "12:00")
    meet(village, one)
    meet(village, other)
    assert whole(village, "ES_REACHED") == 2
    village.store.write(lambda tx: merge.merge(tx, village.parts.programme, one, other), OPERATOR)
    assert whole(village, "ES_REACHED") == 1
    assert (whole(village, "NEW"), whole(village, "NEW", "2026-10")) == (0, 1)
