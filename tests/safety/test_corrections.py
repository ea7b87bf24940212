"""A record is put right at her word, and whoever was given it hears of that within seven working days."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from scheduler import planner
from service.actions import corrections, enrol, pause, reply, samples, task_life
from service.actions.caller import Caller
from service.actions.compose import About
from service.actions.correct import Corrected, CorrectionFault, correct
from service.actions.enrol import NicknameTaken
from service.actions.names import NameRefused
from service.actions.new_number import NewNumber, change_number
from service.actions.task_life import Closing, TaskFault
from service.domain.care import VisitKind
from service.domain.cascade import Result
from service.domain.ids import new_id
from service.domain.people import ClientKind, Sex, Wording
from service.domain.phone import Phone
from service.domain.tasks import FollowUpOutcome
from service.store import outbox
from service.store.models.care import Task
from service.store.models.messages import Message
from service.store.models.people import Client, Person
from service.store.models.safety import Correction
from service.store.records import client
from service.store.transaction import Transaction
from service.store.waiting import WAITS
from tests.reminders.maseru import CALENDAR
from tests.safety.place import BABY, COORDINATORS, DAY, HERS, NICKNAME, OTHERS, Place, one_database
from tests.worker.village import at


@pytest.fixture
def woman(place: Place) -> UUID:
    return place.woman(wording=Wording.T1, edd=place.today + 90 * DAY)


def put_right(place: Place, person: UUID, **said: object) -> tuple[str, ...] | CorrectionFault:
    new = Corrected(**said)  # type: ignore[arg-type]
    return place.act(lambda tx: correct(tx, place.village.parts.programme, person, new))


def baby_of(place: Place, woman: UUID) -> UUID:
    new = enrol.NewInfant(woman, BABY, place.today - 60 * DAY)
    return place.act(lambda tx: enrol.enrol_infant(tx, new, "en"))


def test_what_stood_there_is_kept_sealed_and_her_texts_follow(place: Place, woman: UUID) -> None:
    place.village.visit(woman, place.today + 9 * DAY)
    assert put_right(place, woman, nickname="Lerato", sex=Sex.FEMALE, kind=ClientKind.ART) == (
        "nickname",
        "sex",
        "kind",
    )
    vault = place.village.store.vault
    rows = place.village.rows(Correction.id, Correction.field, Correction.before)
    before = {row.field: vault.open(Correction.before, row.id, row.before) for row in rows}
    assert before == {"nickname": NICKNAME, "kind": "pregnant"}  # nothing was known of her sex
    place.later(days=3)
    assert [text.startswith("Hello Lerato,") for text in place.got()] == [True]
    assert put_right(place, woman, nickname="Lerato") == ()


def waiting(place: Place) -> list[str]:
    """What is about to leave."""
    rows = place.village.rows(Message.id, Message.body, Message.state)
    vault = place.village.store.vault
    return [vault.open(Message.body, row.id, row.body) for row in rows if row.state in WAITS]


def test_what_waits_to_leave_goes_once_and_calls_her_by_the_name_that_is_right(
    place: Place, woman: UUID
) -> None:
    place.village.visit(woman, place.today + 2 * DAY)
    place.village.clock.moment = at(place.today + DAY, "10:00")
    planner.put_due(place.village.parts)
    (reminder,) = waiting(place)
    assert NICKNAME in reminder
    put_right(place, woman, nickname="Lerato")
    assert not [text for text in waiting(place) if NICKNAME in text]
    place.later(days=1)
    assert [text.split(",")[0] for text in place.got()] == ["Hello Lerato"]


def test_a_text_that_no_reminder_caused_is_worded_anew_and_its_worker_must_claim_it_anew(
    place: Place, woman: UUID
) -> None:
    new = NewNumber(woman, Phone(OTHERS))
    place.act(lambda tx: change_number(tx, place.village.parts.programme, new))
    (claimed,) = place.act(lambda tx: outbox.claim(tx, 9))
    put_right(place, woman, nickname="Lerato")
    (question,) = waiting(place)
    assert question.startswith("Hello. Is this the phone of Lerato?")
    assert place.act(lambda tx: outbox.begin(tx, claimed, "fake")) is None
    place.later(minutes=2)
    assert place.got(OTHERS) == [question]


@one_database
def test_what_waits_for_an_answer_keeps_its_day(place: Place, woman: UUID) -> None:
    caller = Caller(Phone(HERS), None, (), None, "sms", new_id())
    programme, day = place.village.parts.programme, place.today + 9 * DAY

    def tell(tx: Transaction) -> None:
        reply.answer(tx, programme, caller, "new_date", woman=client(tx, woman), about=About(day))

    place.act(tell)
    (before,) = waiting(place)
    put_right(place, woman, nickname="Lerato")
    assert waiting(place) == [before.replace(NICKNAME, "Lerato")]
    assert programme.texts.day(day, "en") in before


def test_a_child_is_called_by_the_name_that_is_right_in_what_waits_too(place: Place, woman: UUID) -> None:
    baby = baby_of(place, woman)
    place.village.visit(woman, place.today + 8 * DAY, VisitKind.VACCINE, baby)
    place.village.clock.moment = at(place.today + DAY, "10:00")
    planner.put_due(place.village.parts)
    (before,) = waiting(place)
    assert BABY in before
    put_right(place, baby, nickname="Pule")
    place.later(minutes=2)
    assert place.got() == [before.replace(BABY, "Pule")]


@one_database
def test_what_is_held_stays_held_under_the_name_that_is_right(place: Place, woman: UUID) -> None:
    place.act(lambda tx: pause.pause(tx, pause.EVERYTHING, "a mistake in the texts"))
    new = NewNumber(woman, Phone(OTHERS))
    place.act(lambda tx: change_number(tx, place.village.parts.programme, new))
    place.act(lambda tx: pause.resume(tx, pause.EVERYTHING))
    put_right(place, woman, nickname="Lerato")
    assert "Lerato" in waiting(place)[0]
    place.later(minutes=5)
    assert place.got(OTHERS) == []


def test_an_infant_is_corrected_in_its_own_record(place: Place, woman: UUID) -> None:
    baby = baby_of(place, woman)
    assert put_right(place, baby, nickname="Pule", born_on=place.today - 50 * DAY) == ("nickname", "born_on")
    assert put_right(place, baby, edd=place.today) is CorrectionFault.OF_A_CLIENT
    rows = place.village.rows(Correction.client_id, Correction.person_id)
    assert {tuple(row) for row in rows} == {(woman, baby)}


def test_what_cannot_be_is_refused_and_nothing_is_changed(place: Place, woman: UUID) -> None:
    place.woman(HERS, "Lerato")
    assert put_right(place, woman, born_on=place.today + DAY) is CorrectionFault.TO_COME
    for name, error in (("LERATO", NicknameTaken), ("Kliniki", NameRefused)):
        with pytest.raises(error):
            put_right(place, woman, nickname=name, sex=Sex.MALE)
    assert place.village.rows(Correction.id) == []
    assert {row.sex for row in place.village.rows(Person.sex)} == {None}


@one_database
def test_whoever_turns_out_to_be_a_minor_gets_neutral_words_for_good(place: Place, woman: UUID) -> None:
    put_right(place, woman, born_on=place.today.replace(year=place.today.year - 16))
    assert [row.wording for row in place.village.rows(Client.wording)] == [Wording.T0]


def test_each_who_was_given_the_record_is_to_be_told_of_each_correction(place: Place, woman: UUID) -> None:
    put_right(place, woman, nickname="Lerato")
    assert place.open_tasks() == []
    for name in ("District office", "Ha Thaba health post"):
        place.act(lambda tx, name=name: corrections.note_recipient(tx, woman, name))  # type: ignore[misc]
    put_right(place, woman, nickname="Lineo")
    put_right(place, woman, kind=ClientKind.ART)
    assert place.open_tasks() == [("tell_recipients", COORDINATORS)]
    to_tell = place.read(lambda reading: corrections.to_tell(reading, woman))
    assert [(one.name, one.field) for one in to_tell] == [
        ("District office", "nickname"),
        ("Ha Thaba health post", "nickname"),
        ("District office", "kind"),
        ("Ha Thaba health post", "kind"),
    ]
    (task,) = place.village.rows(Task.due_at)
    assert task.due_at.date() == to_tell[0].due_on == date(2026, 12, 2)


def test_with_the_last_who_was_told_the_task_is_done(place: Place, woman: UUID) -> None:
    for name in ("District office", "Ha Thaba health post"):
        place.act(lambda tx, name=name: corrections.note_recipient(tx, woman, name))  # type: ignore[misc]
    put_right(place, woman, nickname="Lineo")
    first, second = (one.id for one in place.read(lambda reading: corrections.to_tell(reading, woman)))
    assert place.act(lambda tx: corrections.told(tx, first))
    assert not place.act(lambda tx: corrections.told(tx, first))
    assert place.open_tasks() == [("tell_recipients", COORDINATORS)]
    place.act(lambda tx: corrections.told(tx, second))
    assert place.open_tasks() == []


@one_database
def test_a_corrected_result_is_told_like_any_other_correction(place: Place, woman: UUID) -> None:
    baby, programme = baby_of(place, woman), place.village.parts.programme
    place.act(lambda tx: corrections.note_recipient(tx, woman, "District office"))
    sample = place.act(lambda tx: samples.record_sample(tx, programme, baby, place.today - 20 * DAY))
    assert isinstance(sample, UUID)
    for result in (Result.INDETERMINATE, Result.NEGATIVE):
        place.act(lambda tx, to=result: samples.record_result(tx, programme, sample, to, place.today))  # type: ignore[misc]
    (to_tell,) = place.read(lambda reading: corrections.to_tell(reading, woman))
    assert to_tell.field.startswith("result of")


@pytest.mark.parametrize(
    ("day", "seventh"),
    [
        (date(2026, 11, 23), date(2026, 12, 2)),  # from a Monday over one weekend
        (date(2026, 11, 28), date(2026, 12, 8)),  # a Saturday counts for nothing
        (date(2026, 12, 22), date(2027, 1, 4)),  # Christmas, Boxing Day and New Year lie between
    ],
)
def test_working_days_leave_out_weekends_and_holidays(day: date, seventh: date) -> None:
    holidays = frozenset({date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)})
    assert 6 in CALENDAR.safe.days  # texts go out on a Saturday
    assert corrections.working_days_after(day, 7, replace(CALENDAR, holidays=holidays)) == seventh


def test_by_hand_it_is_not_done_before_everybody_was_told(place: Place, woman: UUID) -> None:
    place.act(lambda tx: corrections.note_recipient(tx, woman, "District office"))
    put_right(place, woman, nickname="Lineo")
    (task,) = place.village.rows(Task.id)
    programme = place.village.parts.programme

    def closed() -> TaskFault | None:
        done = Closing(FollowUpOutcome.DONE)
        return place.act(lambda tx: task_life.close_task(tx, programme, task.id, done))

    assert closed() is TaskFault.STILL_TO_TELL
    assert place.open_tasks() == [("tell_recipients", COORDINATORS)]
    (notice,) = place.read(lambda reading: corrections.to_tell(reading, woman))
    place.act(lambda tx: corrections.told(tx, notice.id))
    assert closed() is TaskFault.CLOSED
