"""What became of reminders, whether women came, and whether they answered."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from service.actions import visits
from service.actions.choices import choose
from service.domain.care import ContactMode, VisitKind, VisitState
from service.domain.message import MessageState, Refusal, Refused
from service.domain.people import OPERATOR, Choice
from service.reports.figures import NETWORK, TOTAL
from tests.reports.counted import cells, meet, told, whole
from tests.worker.changes import record
from tests.worker.village import MONDAY, Village, at

DAY = timedelta(days=1)
FRIDAY = MONDAY + 4 * DAY


def reminded(village: Village, kind: VisitKind = VisitKind.REFILL, **known: object) -> UUID:
    """A visit on Friday, of which the reminder went the day before."""
    woman = village.woman(sms=bool(known.pop("sms", True)))
    visit = village.visit(woman, FRIDAY, kind)
    village.work_through(at(FRIDAY - DAY, "09:00"), at(FRIDAY - DAY, "12:00"))
    return visit


def came(village: Village, visit: UUID, day: date) -> None:
    village.clock.moment = at(day, "15:00")
    village.store.write(
        lambda tx: visits.record_attendance(
            tx, village.parts.programme, visit, VisitState.ATTENDED, came=visits.Came(on=day)
        ),
        OPERATOR,
    )


def share(village: Village, indicator: str) -> tuple[int, int | None]:
    counted = [
        one.counted
        for one in told(village, indicator, period="2026Q4")
        if one.place == NETWORK and one.cell == TOTAL
    ]
    return (counted[0].cases, counted[0].of) if counted else (0, 0)


def test_a_reminder_is_sent_when_a_provider_took_it_and_delivered_when_that_was_reported(
    village: Village,
) -> None:
    reminded(village)
    ids = ("ES_REM_SENT", "ES_REM_DLVD", "ES_REM_FAIL")
    assert [whole(village, one) for one in ids] == [1, 0, 0]
    village.receipt(village.gateway.sent[0], MessageState.DELIVERED)
    assert [whole(village, one) for one in ids] == [1, 1, 0]
    assert cells(village, "ES_REM_DLVD")["service=refill"] == 1
    assert cells(village, "ES_REM_DLVD")["plan=visits"] == 1


def test_a_reminder_that_was_refused_failed_and_was_not_sent(village: Village) -> None:
    village.gateway.answers = [Refused(Refusal.NO_ROUTE)]
    reminded(village)
    assert [whole(village, one) for one in ("ES_REM_SENT", "ES_REM_FAIL")] == [0, 1]


def test_what_is_still_to_come_is_in_no_figure(village: Village) -> None:
    village.visit(village.woman(), FRIDAY)
    assert whole(village, "ES_REM_DUE") == 0


@pytest.mark.parametrize(("days", "soon", "later"), [(0, 1, 1), (6, 1, 1), (7, 0, 1), (27, 0, 1), (28, 0, 0)])
def test_whoever_came_in_time_after_the_reminder_attended(
    village: Village, days: int, soon: int, later: int
) -> None:
    """The last reminder went the day before the visit."""
    came(village, reminded(village), FRIDAY + days * DAY)
    assert (share(village, "ES_ATT7"), share(village, "ES_ATT28")) == ((soon, 1), (later, 1))
    assert share(village, "ES_ATT_KNOWN") == (1, 1)


def test_a_visit_that_nobody_recorded_counts_as_not_attended_and_as_not_known(village: Village) -> None:
    reminded(village)
    assert (share(village, "ES_ATT7"), share(village, "ES_ATT_KNOWN")) == ((0, 1), (0, 1))


def test_whoever_got_no_reminder_is_in_the_other_group(village: Village) -> None:
    came(village, reminded(village, sms=False), FRIDAY)
    assert (share(village, "ES_ATT7"), share(village, "ES_ATT7_NOT")) == ((0, 0), (1, 1))


def test_a_visit_that_was_moved_counts_by_its_new_date_alone(village: Village) -> None:
    visit = reminded(village)
    village.store.write(
        lambda tx: visits.move_visit(tx, village.parts.programme, visit, FRIDAY + 5 * DAY), OPERATOR
    )
    assert (share(village, "ES_ATT7"), share(village, "ES_ATT7_NOT")) == ((0, 0), (0, 0))


def test_whoever_came_before_the_reminder_is_in_neither_group(village: Village) -> None:
    visit = village.visit(village.woman(), FRIDAY)
    record(village, visit, VisitState.ATTENDED)
    village.work_through(at(FRIDAY - DAY, "09:00"), at(FRIDAY - DAY, "12:00"))
    assert (share(village, "ES_ATT7"), share(village, "ES_ATT7_NOT")) == ((0, 0), (0, 0))


def test_texts_are_counted_by_gateway(village: Village) -> None:
    reminded(village)
    assert cells(village, "MSG_SENT") == {"": 1, "gateway=fake": 1}
    assert cells(village, "MSG_COST") == {}


def test_a_contact_long_after_a_check_in_is_no_answer_to_it(village: Village) -> None:
    """Of three check-ins one is answered in time."""
    woman = village.woman()
    village.store.write(
        lambda tx: choose(tx, village.parts.programme, woman, Choice.WEEKLY_CHECK_IN), OPERATOR
    )
    village.work_through(at(MONDAY + 7 * DAY, "09:00"), at(MONDAY + 7 * DAY, "11:00"))
    village.receipt(village.gateway.sent[0], MessageState.DELIVERED)
    assert share(village, "ES_REPLY48") == (0, 1)
    meet(village, woman, ContactMode.CALL, MONDAY + 7 * DAY, "12:00")
    meet(village, woman, ContactMode.SMS, MONDAY + 9 * DAY, "12:00")
    assert share(village, "ES_REPLY48") == (0, 1)
    meet(village, woman, ContactMode.USSD, MONDAY + 8 * DAY, "12:00")
    assert share(village, "ES_REPLY48") == (1, 1)
