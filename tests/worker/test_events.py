"""Outreach days and group sessions, from the invitation to the list of who came."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from scheduler import ladder, planner
from service.actions import events, invitations, places, prove, visits
from service.domain.care import VisitKind
from service.domain.people import OPERATOR, ClientState
from service.reports.events import events as all_events
from service.reports.events import expected_at, visits_to_bring
from service.store.models.care import Visit
from tests.worker.village import MONDAY, Village, at

DAY = timedelta(days=1)
THE_DAY = MONDAY + 15 * DAY
"""Tuesday 8 December 2026."""

OTHER = "+26658100002"


def write(village: Village, action: Any) -> Any:
    return village.store.write(action, OPERATOR)


def set_day(village: Village, place_id: UUID | None = None, day: date = THE_DAY) -> UUID:
    new = events.NewEvent(village.site, place_id, VisitKind.OUTREACH, day)
    event_id: UUID = write(village, lambda tx: events.add_event(tx, new))
    planner.keep_in_line(village.parts)
    return event_id


def live(village: Village, first: date, last: date) -> None:
    village.work_through(at(first, "08:00"), at(last, "18:00"), timedelta(hours=1))


def said(village: Village) -> list[str]:
    """The texts that left, less their greeting and what they ask."""
    return [text.text.removeprefix("Hello Thato, ").split(". ")[0] for text in village.gateway.sent]


def states(village: Village) -> list[str]:
    return sorted(row.state for row in village.rows(Visit.state))


def record(village: Village, event_id: UUID, *came: UUID) -> bool:
    programme = village.parts.programme
    kept: bool = write(village, lambda tx: events.record_event(tx, programme, event_id, came))
    planner.keep_in_line(village.parts)
    return kept


def holds(village: Village) -> bool:
    """Whether every row is there and none too many. No receipt comes here, so texts stay under way."""
    proof = village.store.read(lambda reading: prove.prove(reading, village.parts.programme))
    return not any(one.missing or one.extra or one.nobodys for one in proof.balances)


def test_whoever_is_linked_with_the_place_is_invited_and_reminded_if_she_says_yes(village: Village) -> None:
    here = village.woman()
    village.woman(OTHER, "Lerato")
    place_id = write(village, lambda tx: places.add_place(tx, village.site, "Made-up village"))
    assert write(village, lambda tx: places.link(tx, place_id, {here})) == 1
    event_id = set_day(village, place_id)
    live(village, MONDAY, THE_DAY - 7 * DAY)
    assert said(village) == ["you are invited on Tuesday 8 December"]
    village.texts("1")
    village.dispatch()
    planner.keep_in_line(village.parts)
    assert holds(village)
    assert len(village.store.read(lambda reading: expected_at(reading, event_id))) == 1
    live(village, THE_DAY - 6 * DAY, THE_DAY - DAY)
    assert said(village)[1:] == [
        "Thank you Thato",
        "see you tomorrow, Tuesday 8 December",
    ]
    assert village.tasks() == []


def test_whoever_says_no_hears_no_more_of_it_and_may_think_better_of_it(village: Village) -> None:
    village.woman()
    set_day(village)
    live(village, THE_DAY - 7 * DAY, THE_DAY - 7 * DAY)
    village.texts("2")
    assert states(village) == ["cancelled"]
    assert village.tasks() == []
    village.texts("1")
    assert states(village) == ["planned"]
    village.texts("2")
    live(village, THE_DAY - 6 * DAY, THE_DAY)
    assert len([text for text in said(village) if "Thank you" not in text]) == 1
    assert states(village) == ["cancelled"]
    assert holds(village)


def test_whoever_is_silent_is_asked_once_and_sought_by_nobody(village: Village) -> None:
    village.woman()
    event_id = set_day(village)
    live(village, THE_DAY - 8 * DAY, THE_DAY)
    assert len(said(village)) == 1
    assert record(village, event_id)
    live(village, THE_DAY + DAY, THE_DAY + 3 * DAY)
    assert (len(said(village)), village.tasks(), states(village)) == (1, [], ["cancelled"])
    assert holds(village)


def test_an_event_that_moves_is_off_for_whoever_knew_and_everybody_is_invited_anew(village: Village) -> None:
    village.woman()
    event_id, programme = set_day(village), village.parts.programme
    live(village, THE_DAY - 7 * DAY, THE_DAY - 7 * DAY)
    village.texts("1")
    later = THE_DAY + 14 * DAY
    assert write(village, lambda tx: events.move_event(tx, programme, event_id, later))
    live(village, THE_DAY - 7 * DAY, later)
    kept = [text for text in said(village) if "Thank you" not in text]
    assert kept == [
        "you are invited on Tuesday 8 December",
        "please do not come on Tuesday 8 December: it will be another day",
        "you are invited on Tuesday 22 December",
    ]
    assert states(village) == ["invited"]
    assert holds(village)


def test_whoever_said_no_to_one_day_is_invited_to_the_other(village: Village) -> None:
    village.woman()
    event_id, programme = set_day(village), village.parts.programme
    live(village, THE_DAY - 7 * DAY, THE_DAY - 7 * DAY)
    village.texts("2")
    later = THE_DAY + 14 * DAY
    assert write(village, lambda tx: events.move_event(tx, programme, event_id, later))
    live(village, THE_DAY - 7 * DAY, later)
    assert [text for text in said(village) if "invited" in text or "do not come" in text] == [
        "you are invited on Tuesday 8 December",
        "you are invited on Tuesday 22 December",
    ]
    assert states(village) == ["invited"]
    assert holds(village)


def test_whom_staff_have_struck_off_is_not_invited_again(village: Village) -> None:
    village.woman()
    event_id, programme = set_day(village), village.parts.programme
    planner.keep_in_line(village.parts)
    (visit,) = village.rows(Visit.id)
    write(village, lambda tx: visits.confirm_visit(tx, visit.id))
    assert write(village, lambda tx: visits.cancel_visit(tx, programme, visit.id, "by hand"))
    assert write(village, lambda tx: events.move_event(tx, programme, event_id, THE_DAY + 14 * DAY))
    assert states(village) == ["cancelled"]


def test_an_event_that_is_called_off_before_anybody_knew_says_nothing(village: Village) -> None:
    village.woman()
    event_id, programme = set_day(village), village.parts.programme
    assert write(village, lambda tx: events.cancel_event(tx, programme, event_id))
    assert not write(village, lambda tx: events.cancel_event(tx, programme, event_id))
    assert not write(village, lambda tx: events.move_event(tx, programme, event_id, THE_DAY + DAY))
    live(village, MONDAY, THE_DAY)
    assert (said(village), states(village)) == ([], ["cancelled"])
    assert holds(village)


def test_an_invitation_that_waits_to_leave_does_not_leave_once_the_event_is_off(village: Village) -> None:
    village.woman()
    event_id, programme = set_day(village), village.parts.programme
    village.clock.moment = at(THE_DAY - 7 * DAY, "10:00")
    planner.put_due(village.parts)
    assert write(village, lambda tx: events.cancel_event(tx, programme, event_id))
    village.dispatch()
    assert said(village) == []


def test_nobody_comes_to_an_event_by_a_yes_that_was_too_late(village: Village) -> None:
    village.woman()
    event_id, programme = set_day(village), village.parts.programme
    live(village, THE_DAY - 7 * DAY, THE_DAY - 7 * DAY)
    ((invitation,),) = village.rows(Visit.id)
    write(village, lambda tx: events.cancel_event(tx, programme, event_id))
    village.texts("1")
    write(village, lambda tx: visits.confirm_visit(tx, invitation))
    assert states(village) == ["cancelled"]


def test_a_due_visit_is_brought_onto_the_day_and_reminded_once(village: Village) -> None:
    woman = village.woman()
    village.visit(woman, THE_DAY + 2 * DAY)
    event_id, programme = set_day(village), village.parts.programme
    ((visit_id, _),) = village.store.read(lambda reading: visits_to_bring(reading, woman, None))
    assert write(village, lambda tx: events.bring(tx, programme, event_id, visit_id))
    planner.keep_in_line(village.parts)
    live(village, THE_DAY - 8 * DAY, THE_DAY - DAY)
    assert said(village) == ["remember your date: Tuesday 8 December", "see you tomorrow, Tuesday 8 December"]
    assert holds(village)


def test_who_came_closes_the_event_and_nobody_is_sought_who_did_not(village: Village) -> None:
    came, stayed = village.woman(), village.woman(OTHER, "Lerato")
    event_id = set_day(village)
    walked_in = village.woman("+26658100003", "Neo")
    assert not record(village, event_id, came)
    for visit in village.rows(Visit.id):
        write(village, lambda tx, visit_id=visit.id: visits.confirm_visit(tx, visit_id))
    village.clock.moment = at(THE_DAY, "16:00")
    assert record(village, event_id, came)
    assert record(village, event_id, walked_in)
    assert states(village).count("attended") == 2
    (row,) = village.store.read(lambda reading: all_events(reading, THE_DAY))
    assert (row.state, row.attended) == ("held", 2)
    live(village, THE_DAY + DAY, THE_DAY + 8 * DAY)
    village.clock.moment = at(THE_DAY + 9 * DAY, "10:00")
    ladder.climb_ladders(village.parts)
    assert village.tasks() == []
    assert not [text for text in village.gateway.sent if "missed" in text.text]
    assert holds(village)
    assert stayed


def test_nobody_is_invited_who_is_not_in_care(village: Village) -> None:
    village.woman(state=ClientState.PENDING)
    set_day(village)
    assert village.rows(Visit.id) == []


def test_whoever_is_taken_in_later_is_invited_too(village: Village) -> None:
    set_day(village)
    village.woman()
    planner.keep_in_line(village.parts)
    assert states(village) == ["invited"]
    write(village, lambda tx: invitations.decline(tx, village.rows(Visit.id)[0].id))
    planner.keep_in_line(village.parts)
    assert states(village) == ["cancelled"]
