"""What the pages list, on both databases: whom to call about a day that is off, and which texts were lost."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from service.actions import events, invitations, visits
from service.domain.care import VisitKind, VisitState
from service.domain.caseload import EVERYBODY, NOBODY
from service.domain.message import Refusal, Refused
from service.domain.people import OPERATOR
from service.reports.events import event, had_said_yes, invited_to, is_invited
from service.reports.lost import Which, lost, lost_to_others
from service.reports.sending import FAILED
from service.store.models.care import Visit
from service.store.transaction import Reading, Transaction
from tests.worker.village import MONDAY, Village, at, open_village

WEEK = MONDAY + timedelta(days=7)


def invited(village: Village, *women: UUID) -> tuple[UUID, dict[UUID, UUID]]:
    """A day of the whole site, and the visit that each of these has of it."""

    def set_day(tx: Transaction) -> UUID:
        event_id = events.add_event(tx, events.NewEvent(village.site, None, VisitKind.OUTREACH, WEEK))
        invitations.invite(tx, women, MONDAY)
        return event_id

    event_id = village.store.write(set_day, OPERATOR)
    return event_id, {row.client_id: row.id for row in village.rows(Visit.client_id, Visit.id)}


def later(village: Village, happens: Callable[[Transaction], object]) -> None:
    village.clock.moment += timedelta(minutes=1)
    village.store.write(happens, OPERATOR)


def test_whoever_said_yes_last_is_to_be_called_when_the_day_is_off(database_url: str) -> None:
    with open_village(database_url) as village:
        yes, no, silent = (village.woman(f"+2665810000{n}", f"Thato{n}") for n in range(3))
        event_id, hers = invited(village, yes, no, silent)
        for one in (yes, no):
            later(village, lambda tx, one=one: visits.confirm_visit(tx, hers[one]))  # type: ignore[misc]
        later(village, lambda tx: invitations.decline(tx, hers[no]))
        later(village, lambda tx: events.cancel_event(tx, village.parts.programme, event_id))

        def look(reading: Reading) -> None:
            assert [one.visit for one in had_said_yes(reading, EVERYBODY, event_id, 9)] == [hers[yes]]
            assert had_said_yes(reading, NOBODY, event_id, 9) == ()
            assert len(invited_to(reading, EVERYBODY, event_id, (VisitState.CANCELLED,), 9)) == 3
            assert is_invited(reading, EVERYBODY, event_id, hers[yes])
            assert not is_invited(reading, NOBODY, event_id, hers[yes])
            assert event(reading, event_id, (village.site,))
            assert event(reading, event_id, ()) is None

        village.store.read(look)


def test_lost_texts_are_told_by_code_or_counted(database_url: str) -> None:
    with open_village(database_url) as village:
        village.clock.moment = at(MONDAY, "10:00")
        village.gateway.answers = [Refused(Refusal.BAD_NUMBER)]
        village.put(person=village.woman())
        village.dispatch()

        def look(reading: Reading) -> None:
            any_time, never = Which(FAILED), Which(FAILED, reading.now + timedelta(seconds=1))
            (text,) = lost(reading, EVERYBODY, any_time, 9)
            assert (text.number, text.why, text.gateway) == ("…001", Refusal.BAD_NUMBER, "fake")
            assert (lost(reading, NOBODY, any_time, 9), lost_to_others(reading, NOBODY, any_time)) == ((), 1)
            assert (lost(reading, EVERYBODY, never, 9), lost_to_others(reading, EVERYBODY, any_time)) == (
                (),
                0,
            )

        village.store.read(look)
