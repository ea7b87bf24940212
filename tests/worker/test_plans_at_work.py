"""What plans make of texts and tasks as time passes: check-ins, silences, caps, pauses, and the proof."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update

from scheduler import ladder, planner, proof
from service.actions import choices, enrol, next_look, pause, prove, task_life
from service.actions.prove import Proof
from service.domain.people import OPERATOR, Choice, ClientState
from service.domain.tasks import FollowUpOutcome
from service.reminders.plan import Late, Step, timing_version
from service.reports.troubles import TroubleKind, troubles
from service.store.models.care import Task
from service.store.models.messages import LedgerEntry, Message
from service.store.models.people import Client
from service.store.models.plans import InfantSample
from tests.worker.village import MONDAY, Village, at

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def chooses(village: Village, woman: UUID, choice: Choice, clock: time | None = None) -> None:
    village.store.write(
        lambda tx: choices.choose(tx, village.parts.programme, woman, choice, clock), OPERATOR
    )


def prove_it(village: Village) -> Proof:
    return village.store.read(lambda reading: prove.prove(reading, village.parts.programme))


def sent_on(village: Village) -> list[date]:
    return sorted(village.parts.programme.today(row.sent_at) for row in village.rows(Message.sent_at))


def live(village: Village, first: date, last: date, every: timedelta = 12 * HOUR) -> None:
    village.work_through(at(first, "08:00"), at(last, "20:00"), every)


def test_a_worker_that_was_away_decides_before_it_proves(village: Village) -> None:
    village.visit(village.woman(), MONDAY + 2 * DAY)
    village.clock.moment = at(MONDAY + 4 * DAY, "08:00")
    assert proof.prove_nightly(village.parts) == 0
    planner.put_due(village.parts)
    assert proof.prove_nightly(village.parts) == 0
    assert village.tasks() == []


def test_a_worker_that_was_away_goes_through_all_plans_before_it_proves(village: Village) -> None:
    village.woman()
    village.clock.moment = at(MONDAY + 4 * DAY, "08:00")
    everybody = Client.look_again_on.is_not(None)
    village.store.write(lambda tx: next_look.look_again(tx, everybody), OPERATOR)
    assert proof.prove_nightly(village.parts) == 0
    assert planner.keep_in_line(village.parts) == 1
    assert proof.prove_nightly(village.parts) == 0
    assert village.tasks() == []


# --- check-ins --------------------------------------------------------------------------------------------


def test_nobody_is_asked_how_she_is_who_did_not_wish_it(village: Village) -> None:
    village.woman()
    live(village, MONDAY, MONDAY + 14 * DAY)
    assert village.gateway.sent == []


def test_two_silences_of_two_days_end_with_a_person_and_not_before(village: Village) -> None:
    chooses(village, village.woman(), Choice.WEEKLY_CHECK_IN)
    live(village, MONDAY, MONDAY + 10 * DAY, HOUR)
    assert sent_on(village) == [MONDAY + 7 * DAY, MONDAY + 9 * DAY]
    assert village.tasks() == []
    live(village, MONDAY + 11 * DAY, MONDAY + 11 * DAY, HOUR)
    assert village.tasks() == ["no_answer"]
    assert prove_it(village).holds


def test_whoever_answers_is_neither_asked_again_nor_called(village: Village) -> None:
    chooses(village, village.woman(), Choice.WEEKLY_CHECK_IN)
    live(village, MONDAY, MONDAY + 7 * DAY, HOUR)
    village.texts("1")
    planner.keep_in_line(village.parts)
    assert prove_it(village).holds
    live(village, MONDAY + 8 * DAY, MONDAY + 12 * DAY, HOUR)
    asked = [row.text_id for row in village.rows(Message.text_id) if row.text_id == "weekly"]
    assert asked == ["weekly"]
    assert village.tasks() == []


def test_a_question_that_never_went_out_has_no_silence(village: Village) -> None:
    woman = village.woman(sms=False)
    chooses(village, woman, Choice.WEEKLY_CHECK_IN)
    live(village, MONDAY, MONDAY + 12 * DAY, HOUR)
    assert village.gateway.sent == []
    assert village.tasks() == []


def test_the_sign_that_she_chose_comes_at_her_hour(village: Village) -> None:
    chooses(village, village.woman(), Choice.CODED_REMINDER, time(11, 30))
    live(village, MONDAY, MONDAY + 5 * DAY, timedelta(minutes=30))
    assert [row.sent_at for row in village.rows(Message.sent_at)] == [at(MONDAY + 4 * DAY, "11:30")]


def test_a_wish_that_ended_sends_nothing_more(village: Village) -> None:
    woman = village.woman()
    chooses(village, woman, Choice.WEEKLY_CHECK_IN)
    programme = village.parts.programme
    village.store.write(lambda tx: choices.end_choice(tx, programme, woman, Choice.WEEKLY_CHECK_IN), OPERATOR)
    live(village, MONDAY, MONDAY + 14 * DAY)
    assert village.gateway.sent == []
    assert prove_it(village).holds


def test_a_nudge_gives_way_to_the_reminder_of_a_date(village: Village) -> None:
    woman = village.woman()
    chooses(village, woman, Choice.WEEKLY_CHECK_IN, time(9))
    village.visit(woman, MONDAY + 8 * DAY)
    live(village, MONDAY + 7 * DAY, MONDAY + 8 * DAY, HOUR)
    texts = {village.parts.programme.today(row.sent_at): row.text_id for row in village.rows(*_SENT)}
    assert texts == {MONDAY + 7 * DAY: "visit_d1", MONDAY + 8 * DAY: "weekly"}


_SENT = (Message.sent_at, Message.text_id)


def test_the_weeks_ahead_are_planned_day_by_day(village: Village) -> None:
    chooses(village, village.woman(), Choice.WEEKLY_CHECK_IN)
    live(village, MONDAY, MONDAY + 30 * DAY)
    days = [row.due_at for row in village.rows(LedgerEntry.due_at, LedgerEntry.step)]
    assert max(days) >= at(MONDAY + 30 * DAY + 50 * DAY, "08:00")
    assert prove_it(village).holds


# --- tasks of samples -------------------------------------------------------------------------------------


def test_a_result_that_does_not_come_is_chased_until_it_does(village: Village) -> None:
    woman = village.woman()
    infant = village.store.write(
        lambda tx: enrol.enrol_infant(tx, enrol.NewInfant(woman, "Pule", MONDAY - 300 * DAY), "en"), OPERATOR
    )

    def sample(tx: Any) -> None:
        tx.add(InfantSample, infant_id=infant, taken_on=MONDAY, recorded_at=tx.now, actor="test")
        next_look.look_again(tx, Client.id == woman)

    village.store.write(sample, OPERATOR)
    live(village, MONDAY, MONDAY + 27 * DAY)
    assert "chase_result" not in village.tasks()
    live(village, MONDAY + 28 * DAY, MONDAY + 29 * DAY)
    ladder.keep_asked(village.parts)
    assert village.tasks().count("chase_result") == 1, "the plan and the cascade ask once between them"
    assert prove_it(village).holds


def test_no_task_is_opened_about_whoever_has_gone(village: Village) -> None:
    woman = village.woman()
    chooses(village, woman, Choice.WEEKLY_CHECK_IN)

    def leave(tx: Any) -> None:
        tx.connection.execute(update(Client).values(state=ClientState.ENDED))

    village.store.write(leave, OPERATOR)
    live(village, MONDAY, MONDAY + 12 * DAY)
    assert (village.gateway.sent, village.tasks()) == ([], [])


# --- late, paused, retimed --------------------------------------------------------------------------------


def with_plans(village: Village, change: Any) -> None:
    """The same service with changed plan files."""
    plans = tuple(
        replace(plan, steps=tuple(map(change, plan.steps))) for plan in village.parts.programme.plans
    )
    timing = {plan.name: timing_version(plan) for plan in plans}
    programme = replace(village.parts.programme, plans=plans, timing=timing)
    village.parts = replace(village.parts, programme=programme)


def test_a_queued_text_that_is_too_late_goes_to_a_person_where_its_step_says_so(village: Village) -> None:
    with_plans(village, lambda step: replace(step, late=Late.HAND_TO_PERSON))
    village.visit(village.woman(), MONDAY + DAY)
    village.clock.moment = at(MONDAY, "10:00")
    planner.put_due(village.parts)
    village.clock.moment = at(MONDAY, "18:00")
    planner.end_late(village.parts)
    assert village.ledger()["visit_d1"] == ("handed_to_person", "too_late")
    assert village.tasks().count("not_delivered") >= 1
    assert village.message_states() == ["cancelled"]


def test_a_reminder_that_a_pause_holds_is_not_looked_at_again_and_again(village: Village) -> None:
    village.visit(village.woman(), MONDAY + DAY)
    village.store.write(lambda tx: pause.pause(tx, pause.EVERYTHING, "a drill"), OPERATOR)
    village.clock.moment = at(MONDAY, "10:00")
    assert planner.put_due(village.parts) == 1
    village.clock.moment = at(MONDAY, "11:00")
    assert planner.put_due(village.parts) == 0


def earlier(step: Step) -> Step:
    return replace(step, offset_days=-9) if step.id == "visit_d7" else step


def test_changed_timing_plans_everybody_anew(village: Village) -> None:
    planner.keep_in_line(village.parts)
    village.visit(village.woman(), MONDAY + 20 * DAY)
    with_plans(village, earlier)
    planner.keep_in_line(village.parts)
    due = {row.step: row.due_at for row in village.rows(LedgerEntry.step, LedgerEntry.due_at)}
    assert due["visit_d7"] == at(MONDAY + 11 * DAY, "10:00")
    assert prove_it(village).holds


def test_changed_words_plan_nobody_anew(village: Village) -> None:
    planner.keep_in_line(village.parts)
    with_plans(village, lambda step: replace(step, source="another source"))
    assert planner.keep_in_line(village.parts) == 0


def test_one_client_whose_plans_cannot_be_gone_through_stops_no_other(village: Village) -> None:
    poisoned, well = village.woman(), village.woman("+26658100002", "Lerato")

    def damage(tx: Any) -> None:
        tx.connection.execute(update(Client).where(Client.id == poisoned).values(safe_days="x"))

    village.store.write(damage, OPERATOR)
    planner.keep_in_line(village.parts)
    left = {row.id: row.look_again_on for row in village.rows(Client.id, Client.look_again_on)}
    assert left[poisoned] == MONDAY + DAY
    assert left[well] > MONDAY + DAY


# --- the proof --------------------------------------------------------------------------------------------


def test_the_proof_notices_a_row_that_was_lost(village: Village) -> None:
    village.visit(village.woman(), MONDAY + 20 * DAY)
    assert prove_it(village).holds
    lost = delete(LedgerEntry).where(LedgerEntry.step == "visit_d7")
    village.store.write(lambda tx: tx.connection.execute(lost), OPERATOR)
    (balance,) = prove_it(village).balances
    assert (balance.planned, balance.ended + balance.to_come, balance.missing) == (5, 4, 1)


def test_the_proof_notices_a_row_that_nobody_asked_for(village: Village) -> None:
    village.visit(village.woman(), MONDAY + 20 * DAY)
    stray = update(LedgerEntry).where(LedgerEntry.step == "visit_d7").values(occurrence="7")
    village.store.write(lambda tx: tx.connection.execute(stray), OPERATOR)
    (balance,) = prove_it(village).balances
    assert (balance.missing, balance.extra) == (1, 1)


def test_the_proof_notices_what_nobody_decided(village: Village) -> None:
    village.visit(village.woman(), MONDAY + 2 * DAY)
    village.clock.moment = at(MONDAY + 4 * DAY, "08:00")
    assert [one.stuck for one in prove_it(village).balances] == [1]


def test_a_gap_alarms_a_person_once_a_night(village: Village) -> None:
    village.visit(village.woman(), MONDAY + 20 * DAY)
    lost = delete(LedgerEntry).where(LedgerEntry.step == "visit_d7")
    village.store.write(lambda tx: tx.connection.execute(lost), OPERATOR)
    village.clock.moment = at(MONDAY + DAY, "01:00")
    assert proof.prove_nightly(village.parts) == 0
    village.clock.moment = at(MONDAY + DAY, "02:30")
    assert (proof.prove_nightly(village.parts), proof.prove_nightly(village.parts)) == (1, 0)
    assert village.tasks() == ["incident"]
    (trouble,) = village.store.read(lambda reading: troubles(reading, ()))
    assert trouble.kind is TroubleKind.LEDGER
    assert "missing 1" in trouble.why
    (task,) = village.rows(Task.id)
    done = task_life.Closing(FollowUpOutcome.DONE)
    village.store.write(lambda tx: task_life.close_task(tx, village.parts.programme, task.id, done), OPERATOR)
    assert village.store.read(lambda reading: troubles(reading, ())) == ()
