"""What becomes of planned reminders when dates, people and workers do what they do."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from scheduler import ladder, planner
from scheduler.dispatcher import Dispatcher
from service.actions import enrol, pause, sites, visits
from service.domain.care import VisitKind, VisitState
from service.domain.message import MessageClass
from service.domain.people import OPERATOR, Wording
from service.store.models.messages import LedgerEntry, Message
from service.store.models.people import Site
from tests.worker.village import MONDAY, Village, at

DAY = timedelta(days=1)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + DAY * number for number in range(1, 5))
IN_TWO_WEEKS = WEDNESDAY + 14 * DAY
DAUGHTER = "Lerato"


def move(village: Village, visit: UUID, day: date) -> bool:
    return village.store.write(
        lambda tx: visits.move_visit(tx, village.parts.programme, visit, day), OPERATOR
    )


def record(village: Village, visit: UUID, outcome: VisitState) -> None:
    village.store.write(
        lambda tx: visits.record_attendance(tx, village.parts.programme, visit, outcome), OPERATOR
    )


def days_named(village: Village) -> list[str]:
    """The dates in the texts that went out, in order."""
    rows = village.store.read(
        lambda reading: reading.connection.execute(
            select(Message.speaks_of).where(Message.sent_at.is_not(None)).order_by(Message.sent_at)
        ).all()
    )
    return [f"{row.speaks_of:%d %b}" for row in rows]


# --- the date moves -------------------------------------------------------------------------------------


def test_a_date_that_moved_before_anything_was_said_is_announced_as_it_is_now(village: Village) -> None:
    visit = village.visit(village.woman(), TUESDAY)
    assert move(village, visit, WEDNESDAY)
    village.work_through(at(MONDAY, "08:00"), at(THURSDAY, "18:00"))
    assert days_named(village) == ["25 Nov"]


def test_a_date_that_moved_after_she_was_told_is_announced_anew(village: Village) -> None:
    visit = village.visit(village.woman(), WEDNESDAY + 7 * DAY)
    village.work_through(at(MONDAY, "08:00"), at(WEDNESDAY, "11:00"))
    move(village, visit, FRIDAY + 7 * DAY)
    village.work_through(at(WEDNESDAY, "11:30"), at(FRIDAY + 7 * DAY, "18:00"))
    assert days_named(village) == ["02 Dec", "04 Dec", "04 Dec"]


def test_a_date_that_came_back_before_she_heard_of_another_is_told_once(village: Village) -> None:
    visit = village.visit(village.woman(), WEDNESDAY + 7 * DAY)
    village.work_through(at(WEDNESDAY, "09:30"), at(WEDNESDAY, "10:30"))
    move(village, visit, WEDNESDAY + 14 * DAY)
    move(village, visit, WEDNESDAY + 7 * DAY)
    village.work_through(at(WEDNESDAY, "11:00"), at(TUESDAY + 7 * DAY, "09:00"))
    assert days_named(village) == ["02 Dec"]


def test_a_date_that_came_back_after_she_heard_of_another_is_told_again(village: Village) -> None:
    visit = village.visit(village.woman(), IN_TWO_WEEKS + 7 * DAY)
    first = IN_TWO_WEEKS
    village.work_through(at(first, "09:30"), at(first, "10:30"))
    move(village, visit, first + 8 * DAY)
    village.work_through(at(first + DAY, "09:30"), at(first + DAY, "10:30"))
    move(village, visit, first + 7 * DAY)
    village.work_through(at(first + 2 * DAY, "09:30"), at(first + 2 * DAY, "11:00"))
    assert days_named(village) == ["16 Dec", "17 Dec", "16 Dec"]


def test_a_text_that_was_queued_for_the_old_date_is_taken_back(village: Village) -> None:
    visit = village.visit(village.woman(), TUESDAY)
    village.clock.moment = at(MONDAY, "10:00")
    planner.put_due(village.parts)
    move(village, visit, WEDNESDAY)
    village.work_through(at(MONDAY, "10:30"), at(WEDNESDAY, "18:00"))
    assert days_named(village) == ["25 Nov"]


def test_a_date_that_moved_there_and_back_while_its_text_was_queued_is_still_announced(
    village: Village,
) -> None:
    visit = village.visit(village.woman(), TUESDAY)
    village.clock.moment = at(MONDAY, "10:00")
    planner.put_due(village.parts)
    move(village, visit, WEDNESDAY)
    move(village, visit, TUESDAY)
    village.work_through(at(MONDAY, "10:30"), at(TUESDAY, "18:00"))
    assert days_named(village) == ["24 Nov"]


def test_a_visit_cannot_move_onto_another_of_the_same_kind(village: Village) -> None:
    woman = village.woman()
    visit, _ = village.visit(woman, WEDNESDAY), village.visit(woman, THURSDAY)
    assert not move(village, visit, THURSDAY)


def test_the_same_visit_is_planned_once_however_many_say_so_at_once(village: Village) -> None:
    woman = village.woman()
    new = visits.NewVisit(woman, woman, VisitKind.ANC, WEDNESDAY)

    def plan(_: int) -> UUID | None:
        return village.store.write(lambda tx: visits.plan_visit(tx, village.parts.programme, new), OPERATOR)

    with ThreadPoolExecutor(4) as threads:
        planned = [visit for visit in threads.map(plan, range(8)) if visit]
    assert len(planned) == 1
    assert len(village.rows(LedgerEntry.id)) == len(village.ledger())


# --- she came, she did not come, nobody knows -------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "reason"), [(VisitState.ATTENDED, "attended"), (VisitState.CANCELLED, "cancelled_visit")]
)
def test_what_is_settled_before_needs_no_reminder(village: Village, outcome: VisitState, reason: str) -> None:
    visit = village.visit(village.woman(), WEDNESDAY)
    record(village, visit, outcome)
    village.work_through(at(MONDAY, "08:00"), at(FRIDAY, "18:00"))
    assert village.gateway.sent == []
    assert village.ledger()["visit_d1"] == ("suppressed", reason)


def test_a_text_that_is_queued_when_she_comes_does_not_go(village: Village) -> None:
    visit = village.visit(village.woman(), TUESDAY)
    village.clock.moment = at(MONDAY, "10:00")
    planner.put_due(village.parts)
    record(village, visit, VisitState.ATTENDED)
    village.dispatch()
    assert village.gateway.sent == []
    assert village.ledger()["visit_d1"] == ("suppressed", "attended")


def test_a_miss_recorded_the_same_day_is_followed_by_yesterday(village: Village) -> None:
    visit = village.visit(village.woman(), MONDAY)
    village.clock.moment = at(MONDAY, "16:00")
    record(village, visit, VisitState.MISSED)
    village.work_through(at(MONDAY, "16:30"), at(TUESDAY, "18:00"))
    (message,) = village.gateway.sent
    assert message.text.startswith("Hello Thato, we missed you yesterday.")


def test_a_miss_recorded_late_says_nothing_of_yesterday(village: Village) -> None:
    visit = village.visit(village.woman(), MONDAY)
    village.work_through(at(TUESDAY, "08:00"), at(WEDNESDAY, "08:00"))
    record(village, visit, VisitState.MISSED)
    village.work_through(at(WEDNESDAY, "08:30"), at(WEDNESDAY, "18:00"))
    (message,) = village.gateway.sent
    assert "yesterday" not in message.text
    assert [row.sent_at for row in village.rows(Message.sent_at)] == [at(WEDNESDAY, "09:00")]


def test_nothing_says_that_she_was_missed_before_a_person_recorded_it(village: Village) -> None:
    village.visit(village.woman(), MONDAY)
    village.work_through(at(TUESDAY, "08:00"), at(MONDAY + 8 * DAY, "18:00"), every=timedelta(hours=2))
    assert village.gateway.sent == []
    assert village.ledger()["missed_d1"] == ("suppressed", "miss_not_recorded")


@pytest.mark.parametrize("corrected_at", ["12:00", "16:00"])
def test_an_attendance_that_is_corrected_to_a_miss_earns_its_reminder(
    village: Village, corrected_at: str
) -> None:
    visit = village.visit(village.woman(), MONDAY)
    village.clock.moment = at(MONDAY, "11:00")
    record(village, visit, VisitState.ATTENDED)
    village.clock.moment = at(MONDAY, corrected_at)
    record(village, visit, VisitState.MISSED)
    village.work_through(at(MONDAY, "17:00"), at(TUESDAY, "18:00"))
    assert len(village.gateway.sent) == 1


def test_a_miss_that_is_corrected_to_an_attendance_is_not_held_against_her(village: Village) -> None:
    visit = village.visit(village.woman(), MONDAY)
    record(village, visit, VisitState.MISSED)
    record(village, visit, VisitState.ATTENDED)
    village.work_through(at(MONDAY, "17:00"), at(FRIDAY, "18:00"))
    assert village.gateway.sent == []


def test_closing_a_day_records_who_was_missed_once(village: Village) -> None:
    came, missed = village.woman(), village.woman("+26658100002", "Lerato")
    attended, other = village.visit(came, MONDAY), village.visit(missed, MONDAY)
    record(village, attended, VisitState.ATTENDED)

    def close() -> int:
        return village.store.write(
            lambda tx: visits.close_day(tx, village.parts.programme, village.site, MONDAY), OPERATOR
        )

    assert (close(), close()) == (1, 0)
    assert village.visit_state(attended)[0] == "attended"
    assert village.visit_state(other)[0] == "missed"


def test_a_day_that_passes_unrecorded_asks_a_person_once(village: Village) -> None:
    visit = village.visit(village.woman(), MONDAY)
    village.clock.moment = at(TUESDAY, "08:00")
    assert ladder.ask_who_came(village.parts) == 1
    assert ladder.ask_who_came(village.parts) == 0
    assert village.visit_state(visit)[0] == "not_known"
    assert village.tasks() == ["did_she_come"]


def test_a_visit_of_today_is_not_yet_unrecorded(village: Village) -> None:
    village.visit(village.woman(), MONDAY)
    village.clock.moment = at(MONDAY, "23:30")
    assert ladder.ask_who_came(village.parts) == 0


def test_two_workers_ask_about_a_visit_once(village: Village) -> None:
    for number in range(20):
        village.visit(village.woman(f"+2665810{number:04}", f"Name{number}"), MONDAY)
    village.clock.moment = at(TUESDAY, "08:00")
    with ThreadPoolExecutor(4) as threads:
        asked = sum(threads.map(lambda _: ladder.ask_who_came(village.parts), range(4)))
    assert asked == 20
    assert len(village.tasks()) == 20


# --- several people, several visits -----------------------------------------------------------------------


def test_two_who_share_a_phone_are_both_told_in_neutral_words(village: Village) -> None:
    for name in ("Thato", DAUGHTER):
        village.visit(village.woman(nickname=name, wording=Wording.T1), TUESDAY)
    village.work_through(at(MONDAY, "09:30"), at(MONDAY, "10:30"))
    texts = sorted(message.text for message in village.gateway.sent)
    assert [text.split(",")[0] for text in texts] == ["Hello Lerato", "Hello Thato"]
    assert not any("booklet" in text for text in texts)


def test_who_has_her_phone_alone_is_told_in_the_words_that_she_agreed_to(village: Village) -> None:
    village.visit(village.woman(wording=Wording.T1), TUESDAY)
    village.work_through(at(MONDAY, "09:30"), at(MONDAY, "10:30"))
    assert "booklet" in village.gateway.sent[0].text


def test_two_at_one_phone_cannot_be_called_the_same(village: Village) -> None:
    village.woman()
    with pytest.raises(enrol.NicknameTaken):
        village.woman(nickname="THATO")


def child_of(village: Village, woman: UUID) -> UUID:
    new = enrol.NewInfant(woman, "Pule", MONDAY - 60 * DAY)
    return village.store.write(lambda tx: enrol.enrol_infant(tx, new, "en"), OPERATOR)


def test_a_mother_and_child_who_are_expected_on_one_day_get_one_text(village: Village) -> None:
    woman = village.woman()
    village.visit(woman, TUESDAY)
    village.visit(woman, TUESDAY, VisitKind.VACCINE, child_of(village, woman))
    village.work_through(at(MONDAY, "09:30"), at(MONDAY, "18:00"))
    assert len(village.gateway.sent) == 1
    ends = Counter((row.step, row.reason) for row in village.rows(LedgerEntry.step, LedgerEntry.reason))
    assert ends["visit_d1", "merged"] == 1


def test_of_two_dates_the_one_that_cannot_wait_is_told_first(village: Village) -> None:
    woman = village.woman()
    village.visit(woman, MONDAY + 8 * DAY, VisitKind.LAB)
    village.visit(woman, WEDNESDAY)
    village.work_through(at(TUESDAY, "09:30"), at(WEDNESDAY, "10:30"))
    assert days_named(village) == ["25 Nov", "01 Dec"]


def test_a_child_is_spoken_of_as_the_little_one(village: Village) -> None:
    woman = village.woman()
    village.visit(woman, TUESDAY, VisitKind.VACCINE, child_of(village, woman))
    village.work_through(at(MONDAY, "09:30"), at(MONDAY, "18:00"))
    assert "see you and the little one tomorrow" in village.gateway.sent[0].text


# --- whoever works, and when ------------------------------------------------------------------------------


def test_several_workers_and_a_restart_send_each_text_once(village: Village) -> None:
    women = 12
    for number in range(women):
        village.visit(village.woman(f"+2665810{number:04}", f"Name{number}"), TUESDAY)
    village.clock.moment = at(MONDAY, "10:00")

    def work(_: int) -> None:
        dispatcher = Dispatcher(village.parts)
        for _ in range(3):
            planner.put_due(village.parts)
            dispatcher.run()
        dispatcher.rest(20)
        dispatcher.stop()

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(work, range(3)))
    village.tick()
    assert len(village.gateway.sent) == women
    assert len({message.to for message in village.gateway.sent}) == women
    assert village.message_states() == ["accepted"] * women


def test_a_text_that_was_held_by_a_pause_goes_when_it_ends(village: Village) -> None:
    village.visit(village.woman(), TUESDAY)
    village.store.write(lambda tx: pause.pause(tx, pause.EVERYTHING, "a drill"), OPERATOR)
    village.work_through(at(MONDAY, "09:30"), at(MONDAY, "12:00"))
    assert village.gateway.sent == []
    assert village.ledger()["visit_d1"] == ("planned", "paused")
    village.store.write(lambda tx: pause.resume(tx, pause.EVERYTHING), OPERATOR)
    village.work_through(at(MONDAY, "12:30"), at(MONDAY, "13:00"))
    assert days_named(village) == ["24 Nov"]


def test_a_pause_that_outlasts_the_day_ends_in_too_late(village: Village) -> None:
    village.visit(village.woman(), TUESDAY)
    village.store.write(lambda tx: pause.pause(tx, pause.EVERYTHING, "a drill"), OPERATOR)
    village.work_through(at(MONDAY, "09:30"), at(MONDAY, "17:30"))
    assert village.ledger()["visit_d1"] == ("suppressed", "too_late")


@pytest.mark.parametrize("back_at", ["17:30", "23:00"])
def test_after_an_outage_nothing_goes_out_at_night(village: Village, back_at: str) -> None:
    village.visit(village.woman(), WEDNESDAY)
    village.work_through(at(TUESDAY, back_at), at(WEDNESDAY, "18:00"))
    assert village.gateway.sent == []
    assert village.ledger()["visit_d1"] == ("suppressed", "too_late")


def test_after_a_short_outage_it_still_goes_in_the_day(village: Village) -> None:
    village.visit(village.woman(), WEDNESDAY)
    village.work_through(at(TUESDAY, "15:00"), at(TUESDAY, "15:30"))
    assert days_named(village) == ["25 Nov"]


def test_a_site_that_is_not_activated_sends_nothing(village: Village) -> None:
    village.store.write(lambda tx: tx.connection.execute(update(Site).values(activated_at=None)), OPERATOR)
    village.visit(village.woman(), TUESDAY)
    village.work_through(at(MONDAY, "09:30"), at(MONDAY, "18:00"))
    assert village.gateway.sent == []
    assert village.ledger()["visit_d1"] == ("suppressed", "site_not_activated")


def test_a_gated_word_in_a_nickname_stops_the_text_and_opens_an_incident(village: Village) -> None:
    village.visit(village.woman(nickname="HIV"), TUESDAY)
    village.work_through(at(MONDAY, "09:30"), at(MONDAY, "18:00"))
    assert village.gateway.sent == []
    assert village.ledger()["visit_d1"] == ("suppressed", "gated_word")
    assert village.tasks() == ["incident"]


def test_her_own_hours_are_kept(village: Village) -> None:
    from datetime import time

    village.visit(village.woman(safe_from=time(15), safe_to=time(17)), TUESDAY)
    village.work_through(at(MONDAY, "09:00"), at(MONDAY, "18:00"))
    assert [row.sent_at for row in village.rows(Message.sent_at)] == [at(MONDAY, "15:00")]


def test_a_line_without_replies_asks_for_none(village: Village) -> None:
    one_way = replace(village.parts.programme, two_way=False)
    village.parts = replace(village.parts, programme=one_way)
    village.visit(village.woman(), TUESDAY)
    village.work_through(at(MONDAY, "09:30"), at(MONDAY, "10:30"))
    assert "dial *123#" in village.gateway.sent[0].text
    assert "reply" not in village.gateway.sent[0].text


def test_a_second_site_of_the_same_name_is_not_made(village: Village) -> None:
    assert village.store.write(lambda tx: sites.add_site(tx, " ha  demo ", "Berea"), OPERATOR) is None


# --- poison -----------------------------------------------------------------------------------------------


def break_name(village: Village, woman: UUID) -> None:
    """A name that cannot be opened: whoever composes a text for her raises."""
    from service.store.models.people import Person

    village.store.write(
        lambda tx: tx.connection.execute(update(Person).where(Person.id == woman).values(name=b"\x03bad")),
        OPERATOR,
    )


def test_a_reminder_that_cannot_be_decided_stops_no_other_and_is_given_up_after_three_times(
    village: Village,
) -> None:
    poisoned, well = village.woman(), village.woman("+26658100002", "Lerato")
    for woman in (poisoned, well):
        village.visit(woman, TUESDAY)
    break_name(village, poisoned)
    village.clock.moment = at(MONDAY, "10:00")
    village.tick()
    assert len(village.gateway.sent) == 1
    village.work_through(at(MONDAY, "10:00"), at(MONDAY, "10:40"), every=timedelta(minutes=2))
    rows = village.rows(LedgerEntry.client_id, LedgerEntry.step, LedgerEntry.state, LedgerEntry.reason)
    ends = {(row.client_id, row.step): (row.state.value, row.reason) for row in rows}
    assert ends[poisoned, "visit_d1"] == ("failed", "not_decided")
    assert ends[well, "visit_d1"][0] == "queued"
    assert village.tasks() == ["incident"]


def test_a_message_that_cannot_be_judged_stops_no_other_and_is_given_up_after_three_times(
    village: Village,
) -> None:
    poisoned = village.put(MessageClass.C, phone="+26658100003")
    others = [village.put(MessageClass.C, phone=f"+2665810010{number}") for number in range(5)]

    def damage(tx: Any) -> None:
        tx.connection.execute(update(Message).where(Message.id == poisoned).values(body=b"\x03bad"))

    village.store.write(damage, OPERATOR)
    village.clock.moment = at(MONDAY, "10:00")
    village.dispatch()
    assert [village.state(other) for other in others] == ["accepted"] * 5
    assert village.state(poisoned) == "queued"
    village.work_through(at(MONDAY, "10:00"), at(MONDAY, "10:40"), every=timedelta(minutes=2))
    assert village.state(poisoned) == "failed"
    assert village.tasks() == ["incident"]
    assert len(village.gateway.sent) == 5
