"""What the service tells people of itself: in her language, and with what she is to do."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from service.actions.route import matter
from service.actions.tasks import NewTask, open_task, report_unsent
from service.domain.happening import Happening, LedgerGap, Restored, as_note
from service.domain.people import OPERATOR
from service.domain.reason import Reason
from service.domain.tasks import TaskKind
from tests.staff.house import House

GAP = LedgerGap("Ha Example, visits: planned 5, ended 3, to come 1, missing 1")
RESTORED = Restored(datetime(2026, 11, 22, 20, 30, tzinfo=UTC), reminders=5, texts=2)


def today_with(house: House, new: NewTask) -> str:
    task = replace(new, site_id=house.here.id)
    house.village.store.write(lambda tx: open_task(tx, task), OPERATOR)
    return house.coordinator.open("/staff/today").text


def happened(house: House, what: Happening) -> str:
    return today_with(house, NewTask(TaskKind.INCIDENT, note=as_note(what)))


def test_a_gap_in_the_ledger_says_what_she_is_to_do_in_her_language(house: House) -> None:
    english = happened(house, GAP)
    house.coordinator.send("/staff/language", language="st")
    sesotho = house.coordinator.open("/staff/today").text
    assert "Call the engineer" in english
    assert "Letsetsa moenjiniere" in sesotho
    assert "planned 5" not in english + sesotho


def test_a_restore_says_since_when_she_writes_again_by_the_local_clock(house: House) -> None:
    page = happened(house, RESTORED)
    assert "Sunday 22 November 2026, 22:30" in page
    assert "reminders 5, other texts 2" in page


def test_a_gateway_that_rests_says_why_in_words(house: House) -> None:
    page = today_with(house, replace(matter("kannel"), note="kannel: no_credit"))
    assert "kannel: there is no credit left. Tell the engineer." in page
    assert "DANGER" not in page


def test_a_text_that_did_not_leave_is_named_in_words(house: House) -> None:
    woman, store = house.here.woman, house.village.store
    for why, what in ((Reason.GATED_WORD, "visit_d1_t1"), (Reason.NOT_DECIDED, "check_in_weekly")):
        store.write(partial(report_unsent, client_id=woman, why=why, text=what), OPERATOR)
    page = house.coordinator.open("/staff/today").text
    for said in ("The day before her visit (in mother-and-baby words)", "weekly question"):
        assert f"It was: {said}. Call her if it cannot wait" in page


def test_what_concerns_no_client_is_done_and_has_no_outcome_of_a_talk(house: House) -> None:
    matter_of_credit = NewTask(TaskKind.CREDIT, note="kannel: 12 LSL", site_id=house.here.id)
    task = house.village.store.write(lambda tx: open_task(tx, matter_of_credit), OPERATOR)
    page = house.coordinator.open(f"/staff/tasks/{task}").text
    assert "Done" in page
    assert "What made it hard" not in page


def test_what_people_wrote_stays_as_they_wrote_it(house: House) -> None:
    note = as_note(GAP)
    of_hers = today_with(house, NewTask(TaskKind.INCIDENT, house.here.woman, note=note))
    assert GAP.detail in of_hers
    assert "did not leave" not in of_hers
    of_a_stranger = today_with(house, NewTask(TaskKind.READ_MESSAGE, note=f"{note}, twice"))
    assert f"{GAP.detail}, twice" in of_a_stranger
