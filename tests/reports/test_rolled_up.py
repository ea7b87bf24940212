"""Figures that are kept counted are those that the facts tell, and published ones stay as they were."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.event import listen

from service.actions import merge, publish, roll_up
from service.actions.enrol import NewInfant, enrol_infant
from service.actions.tasks import NewTask, open_task
from service.domain.care import ContactMode, VisitKind, VisitState
from service.domain.message import MessageState
from service.domain.people import OPERATOR, ClientState
from service.domain.period import read_period
from service.domain.tasks import TaskKind
from service.reports import rolled_up
from service.reports.figures import Figure, figures
from service.store.erasures import Erasures, erase
from service.store.models.figures import FrozenFigure
from tests.reports.counted import counting, meet
from tests.worker.changes import record
from tests.worker.village import MONDAY, Village, at

DAY = timedelta(days=1)
PERIODS = ("2026-10", "2026-11", "2026-12", "2026Q4", "FY2027")
IDS = tuple(counting().definitions.indicators)
Told = set[tuple[str, str, str, str, object]]


def flat(found: tuple[Figure, ...]) -> Told:
    return {(one.indicator, one.period.code, one.place.code, one.cell.code, one.counted) for one in found}


def exact(village: Village) -> Told:
    return set().union(*(flat(ask(village, figures, period)) for period in PERIODS))


def kept(village: Village) -> Told:
    roll_up.refresh(village.store, counting(), OPERATOR, 2000)
    return set().union(*(flat(ask(village, rolled_up.rolled_up, period)) for period in PERIODS))


def ask(village: Village, how: Callable[..., tuple[Figure, ...]], period: str) -> tuple[Figure, ...]:
    return village.store.read(lambda reading: how(reading, counting(), IDS, read_period(period)))


def live(village: Village) -> UUID:
    """Two women and an infant in two months; the id of the first."""
    one = village.woman(enrolled_on=date(2026, 10, 28), born_on=date(2003, 1, 1))
    two = village.woman("+26658100002", "Lineo", state=ClientState.PENDING)
    meet(village, one, ContactMode.CALL, date(2026, 10, 29))
    meet(village, two, ContactMode.USSD, MONDAY)
    visit = village.visit(one, MONDAY + 4 * DAY, VisitKind.REFILL)
    village.work_through(at(MONDAY + 3 * DAY, "09:00"), at(MONDAY + 3 * DAY, "12:00"))
    record(village, visit, VisitState.MISSED)
    new = NewInfant(one, "Lerato", date(2026, 10, 28))
    village.store.write(lambda tx: enrol_infant(tx, new, "en"), OPERATOR)
    village.store.write(lambda tx: open_task(tx, NewTask(TaskKind.WRONG_NUMBER, one)), OPERATOR)
    return one


def test_what_is_kept_is_what_the_facts_tell_however_late_they_come(village: Village) -> None:
    one = live(village)
    first = exact(village)
    assert first
    assert kept(village) == first
    village.clock.moment = at(date(2026, 12, 2), "12:00")
    village.receipt(village.gateway.sent[0], MessageState.DELIVERED)
    meet(village, one, ContactMode.HOME_VISIT, date(2026, 10, 28))  # before all others
    other = village.woman("+26658100003", "Mpho", enrolled_on=date(2026, 10, 29))
    meet(village, other, ContactMode.SMS, date(2026, 10, 30))
    late = village.visit(one, date(2026, 11, 2), VisitKind.REFILL)
    record(village, late, VisitState.MISSED)
    second = exact(village)
    assert second != first
    now = kept(village)
    assert (now - second, second - now) == (set(), set())
    village.clock.moment += timedelta(days=1)
    village.store.write(lambda tx: merge.merge(tx, village.parts.programme, one, other), OPERATOR)
    third = exact(village)
    assert third != second
    assert kept(village) == third


def test_looking_again_at_once_counts_nothing(village: Village) -> None:
    live(village)
    assert roll_up.refresh(village.store, counting(), OPERATOR, 2000) > 2
    assert roll_up.refresh(village.store, counting(), OPERATOR, 2000) == 0


def test_whom_an_open_year_has_reached_is_counted_by_night_and_an_open_month_within_the_hour(
    village: Village,
) -> None:
    live(village)
    kept(village)
    assert reached(village) == {"FY2027": 1}
    two = village.woman("+26658100004", "Palesa")
    meet(village, two, ContactMode.SMS)
    village.clock.moment += timedelta(hours=2)
    kept(village)
    assert reached(village) == {"2026-11": 1, "FY2027": 1}
    village.clock.moment += DAY
    kept(village)
    assert reached(village) == {"2026-11": 1, "FY2027": 2}


def reached(village: Village) -> dict[str, int]:
    return {
        one.period.code: one.counted.cases
        for period in ("2026-11", "FY2027")
        for one in ask(village, rolled_up.rolled_up, period)
        if (one.indicator, one.place.code, one.cell.code) == ("ES_REACHED", "network", "")
    }


def test_a_day_is_told_whole_though_only_what_is_added_up_is_kept_of_it(village: Village) -> None:
    live(village)
    kept(village)
    told = flat(ask(village, rolled_up.quickest, "2026-10-29"))
    assert told == flat(ask(village, figures, "2026-10-29"))
    assert told > flat(ask(village, rolled_up.rolled_up, "2026-10-29"))


def test_nothing_is_read_of_the_years_before_anybody_was_enrolled(village: Village) -> None:
    live(village)
    asked: list[str] = []
    engine = village.store.database.reading
    listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    assert ask(village, rolled_up.quickest, "FY2020") == ()
    assert not [one for one in asked if "contacts" in one or "visit_events" in one]


def test_a_count_that_something_has_overtaken_is_thrown_away(village: Village) -> None:
    one, november = live(village), read_period("2026-11-23")
    changes = village.store.read(lambda reading: roll_up.look(reading, counting()))
    assert changes
    village.store.write(lambda tx: roll_up.mark(tx, changes), OPERATOR)
    old = village.store.read(lambda reading: roll_up.recount(reading, counting(), november))
    assert old
    meet(village, one)
    village.clock.moment += timedelta(hours=2)
    village.store.write(lambda tx: roll_up.mark(tx, changes), OPERATOR)
    assert village.store.write(lambda tx: roll_up.renew(tx, old), OPERATOR) is False
    assert kept(village) == exact(village)


def publish_october(village: Village) -> rolled_up.Published:
    october = read_period("2026-10")
    done = village.store.write(lambda tx: publish.publish(tx, counting(), october), OPERATOR)
    assert isinstance(done, UUID)
    published = village.store.read(lambda reading: rolled_up.last_published(reading, october))
    assert published
    return published


def test_late_data_is_a_restatement_and_changes_nothing_that_was_published(village: Village) -> None:
    one = live(village)
    kept(village)
    published = publish_october(village)
    before = village.store.read(lambda reading: rolled_up.frozen(reading, counting(), published))
    meet(village, one, ContactMode.SMS, date(2026, 10, 30))
    village.clock.moment += timedelta(hours=2)
    kept(village)
    changed = village.store.read(lambda reading: rolled_up.restated(reading, counting(), published))
    contacts = {
        one.now.cell.code: (one.published.counted.cases, one.now.counted.cases)
        for one in changed
        if one.published and one.now and one.now.indicator == "ES_CONTACTS"
    }
    assert contacts[""] == (1, 2)
    after = village.store.read(lambda reading: rolled_up.frozen(reading, counting(), published))
    assert flat(before) == flat(after)
    assert village.store.read(lambda reading: rolled_up.is_whole(reading, published))


def test_whoever_is_erased_stays_counted(village: Village, tmp_path: Path) -> None:
    one = live(village)
    before = kept(village)
    published = publish_october(village)
    erasures = Erasures(tmp_path / "erasures", village.store.vault)
    village.store.write(lambda tx: erase(tx, erasures, one), OPERATOR)
    village.clock.moment += timedelta(hours=2)
    gone = {figure for figure in before - kept(village) if not figure[0].startswith(("ABS_", "ES_TASK"))}
    assert gone == set()
    assert village.store.read(lambda reading: rolled_up.restated(reading, counting(), published)) == ()


def test_a_published_figure_that_was_tampered_with_is_noticed(village: Village) -> None:
    live(village)
    kept(village)
    published = publish_october(village)
    more = update(FrozenFigure).values(cases=FrozenFigure.cases + 1)
    village.store.write(lambda tx: tx.connection.execute(more), OPERATOR)
    assert not village.store.read(lambda reading: rolled_up.is_whole(reading, published))


@pytest.mark.parametrize(
    ("period", "fault"),
    [("2026-11", publish.PublishFault.NOT_OVER), ("2026-09", publish.PublishFault.NOT_COUNTED)],
)
def test_what_is_not_over_or_not_counted_is_not_published(
    village: Village, period: str, fault: publish.PublishFault
) -> None:
    live(village)
    kept(village)
    found = village.store.write(lambda tx: publish.publish(tx, counting(), read_period(period)), OPERATOR)
    assert found is fault


def test_a_month_is_published_by_itself_once_ten_days_after_its_end(village: Village) -> None:
    live(village)
    found = []
    for day in (date(2026, 12, 11), date(2026, 12, 12)):
        village.clock.moment = at(day, "03:00")
        kept(village)
        found.append(village.store.write(lambda tx: publish.publish_last_month(tx, counting()), OPERATOR))
    assert found == [True, False]
