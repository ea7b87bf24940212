"""S7: after a loss no phone is told of baby or pregnancy again, and a person calls."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from scheduler import planner
from service.actions import choices, enrol, loss, visits
from service.actions.compose import About, compose
from service.actions.loss import NewLoss
from service.actions.prove import prove
from service.actions.reply import ask_number
from service.actions.visits import Came
from service.domain.care import VisitKind, VisitState
from service.domain.people import Choice, PhoneOwner, Wording
from service.domain.safety import LossKind
from service.store import outbox
from service.store.erasures import Erasure, replay
from service.store.models.care import Visit
from service.store.models.messages import LedgerEntry
from service.store.models.people import Client
from service.store.models.safety import Loss
from service.store.records import client, with_her
from service.store.transaction import Transaction
from tests.safety.place import BABY, DAY, HERS, MENTORS, STAFF, Place, one_database
from tests.worker.village import at

LOSSES = (LossKind.PREGNANCY_LOSS, LossKind.STILLBIRTH, LossKind.INFANT_DEATH, LossKind.MATERNAL_DEATH)


class Family:
    """A woman who agreed to mother-and-baby words; visits of her own, of the pregnancy, of her baby."""

    def __init__(self, place: Place, **known: Any) -> None:
        self.place = place
        edd = place.today + 90 * DAY
        self.mother = place.woman(wording=Wording.T1, edd=edd, **known)
        self.baby = self.born(BABY)
        self.antenatal = self.visit(VisitKind.ANC, 9)
        self.own = self.visit(VisitKind.REFILL, 12)
        self.babys = self.visit(VisitKind.VACCINE, 15, self.baby)

    def born(self, name: str) -> UUID:
        born_on = self.place.today - 30 * DAY
        new = enrol.NewInfant(self.mother, name, born_on)
        return self.place.act(lambda tx: enrol.enrol_infant(tx, new, "en"))

    def visit(self, kind: VisitKind, days: int, subject: UUID | None = None) -> UUID:
        return self.place.village.visit(self.mother, self.place.today + days * DAY, kind, subject)

    def loses(self, kind: LossKind) -> UUID:
        infant = self.baby if kind is LossKind.INFANT_DEATH else None
        new = NewLoss(self.mother, kind, infant)
        return self.place.act(lambda tx: loss.record_loss(tx, self.place.village.parts.programme, new))

    def goes_on(self, loss_id: UUID) -> bool:
        return self.place.act(lambda tx: loss.go_on_with_care(tx, loss_id))

    def undone(self, loss_id: UUID) -> bool:
        return self.place.act(lambda tx: loss.undo_loss(tx, loss_id, "another woman was meant"))

    def reminders(self, subject: UUID) -> set[tuple[str, str | None]]:
        rows = self.place.village.rows(LedgerEntry.subject_id, LedgerEntry.state, LedgerEntry.reason)
        return {(row.state.value, row.reason) for row in rows if row.subject_id == subject}


@pytest.fixture
def family(place: Place) -> Family:
    return Family(place)


@one_database
@pytest.mark.parametrize("kind", LOSSES)
def test_s07_nothing_is_sent_of_itself_after_a_loss(family: Family, kind: LossKind) -> None:
    family.loses(kind)
    family.place.later(days=20)
    assert family.place.got() == []


@pytest.mark.parametrize("kind", LOSSES)
def test_s07_what_waits_or_is_in_a_workers_hands_is_taken_back(family: Family, kind: LossKind) -> None:
    place, village = family.place, family.place.village
    village.clock.moment = at(place.today + 8 * DAY, "10:00")
    planner.put_due(village.parts)
    village.put(person=family.mother, phone=HERS)
    (claimed, *_) = village.store.write(lambda tx: outbox.claim(tx, 1), STAFF)
    assert set(village.message_states()) == {"claimed", "queued"}
    family.loses(kind)
    assert set(village.message_states()) <= {"cancelled", "queued"}
    village.dispatch()
    assert place.got() == []
    assert claimed


@one_database
@pytest.mark.parametrize("kind", LOSSES)
def test_s07_each_kind_of_loss_keeps_its_name(family: Family, kind: LossKind) -> None:
    family.loses(kind)
    state = "died" if kind is LossKind.MATERNAL_DEATH else "muted"
    assert family.place.state_of(family.mother) == (state, kind.value)
    assert [row.kind for row in family.place.village.rows(Loss.kind)] == [kind]


def test_s07_her_mentor_is_asked_to_call_and_told_by_code_only(family: Family) -> None:
    family.loses(LossKind.STILLBIRTH)
    family.place.village.dispatch()
    assert family.place.open_tasks("loss") == [("loss", MENTORS)]
    (code,) = family.place.village.rows(Client.code)[0]
    assert family.place.got(MENTORS) == [f"{code}: new task. Dial *123#."]


@one_database
@pytest.mark.parametrize(
    ("kind", "ended"),
    [
        (LossKind.PREGNANCY_LOSS, {"antenatal"}),
        (LossKind.STILLBIRTH, {"antenatal"}),
        (LossKind.INFANT_DEATH, {"babys"}),
        (LossKind.MATERNAL_DEATH, {"antenatal", "own"}),
    ],
)
def test_s07_the_visits_of_what_was_lost_end_and_others_wait(
    family: Family, kind: LossKind, ended: set[str]
) -> None:
    family.loses(kind)
    states = {row.id: row.state for row in family.place.village.rows(Visit.id, Visit.state)}
    for name in ("antenatal", "own", "babys"):
        over = states[getattr(family, name)] is VisitState.CANCELLED
        assert over == (name in ended), name
        if over:
            assert {state for state, _ in family.reminders(getattr(family, name))} == {"suppressed"}


def test_s07_her_own_care_goes_on_only_once_her_mentor_says_so(family: Family) -> None:
    place = family.place
    lost = family.loses(LossKind.INFANT_DEATH)
    place.later(days=6)
    assert place.got() == []
    assert (family.goes_on(lost), family.goes_on(lost)) == (True, False)
    place.later(days=6)
    assert place.got()
    assert not [text for text in place.got() if "little one" in text or BABY in text or "booklet" in text]
    assert place.open_tasks("loss") == []


def test_s07_a_twin_goes_on_when_her_mentor_says_so_and_the_other_is_never_named(family: Family) -> None:
    place = family.place
    twin = family.born("Lesedi")
    family.visit(VisitKind.VACCINE, 15, twin)
    lost = family.loses(LossKind.INFANT_DEATH)
    family.goes_on(lost)
    place.later(days=16)
    assert [text for text in place.got() if "little one" in text]
    assert not [text for text in place.got() if BABY in text]


def test_s07_the_name_is_in_no_text_even_if_a_visit_is_entered_by_mistake_later(family: Family) -> None:
    family.goes_on(family.loses(LossKind.INFANT_DEATH))
    family.place.act(lambda tx: tx.connection.execute(update(Client).values(wording=Wording.T1)))
    family.visit(VisitKind.VACCINE, 20, family.baby)
    family.place.later(days=21)
    assert not [text for text in family.place.got() if BABY in text]


@pytest.mark.parametrize("key", ["child_d1_t1", "vacc_t1"])
@one_database
def test_s07_no_words_can_be_made_with_the_name(family: Family, key: str) -> None:
    place = family.place

    def words() -> str:
        about = About(place.today + 5 * DAY, infant_id=family.baby)
        programme = place.village.parts.programme
        return place.read(
            lambda reading: compose(reading, programme, key, client(reading, family.mother), about)
        ).text

    assert BABY in words()
    family.loses(LossKind.INFANT_DEATH)
    assert BABY not in words()


def test_s07_after_a_maternal_death_somebody_looks_for_the_childs_guardian(family: Family) -> None:
    place = family.place
    family.loses(LossKind.MATERNAL_DEATH)
    assert place.open_tasks() == [("find_guardian", MENTORS)]
    family.visit(VisitKind.VACCINE, 25, family.baby)
    place.say("1")
    place.later(days=26)
    assert place.got() == []


def test_s07_danger_is_answered_whoever_writes_from_her_phone(family: Family) -> None:
    family.loses(LossKind.MATERNAL_DEATH)
    (answer,) = family.place.say("the baby is not breathing")
    assert "NOW" in answer


def test_s07_words_of_comfort_go_only_when_she_asks_and_only_once(family: Family) -> None:
    place = family.place
    lost = family.loses(LossKind.STILLBIRTH)
    place.later(days=2)
    assert place.got() == []

    def comfort(tx: Transaction) -> bool:
        return loss.send_condolence(tx, place.village.parts.programme, lost)

    assert (place.act(comfort), place.act(comfort)) == (True, False)
    place.later(hours=24)
    (text,) = place.got()
    assert "very sorry" in text


@one_database
@pytest.mark.parametrize("known", [{"phone_owner": PhoneOwner.SHARED}, {"phone_confirmed": False}])
def test_s07_words_of_comfort_do_not_go_to_a_phone_that_others_read(
    place: Place, known: dict[str, object]
) -> None:
    lost = Family(place, **known).loses(LossKind.STILLBIRTH)
    assert not place.act(lambda tx: loss.send_condolence(tx, place.village.parts.programme, lost))


@pytest.mark.parametrize("kind", LOSSES)
def test_s07_a_mistaken_entry_is_undone_and_everything_goes_on(family: Family, kind: LossKind) -> None:
    place, village = family.place, family.place.village
    village.clock.moment = at(place.today + 8 * DAY, "10:00")
    planner.put_due(village.parts)
    lost = family.loses(kind)
    village.clock.moment += timedelta(minutes=30)
    assert (family.undone(lost), family.undone(lost)) == (True, False)
    assert place.state_of(family.mother) == ("active", None)
    assert {kind for kind, _ in place.open_tasks()} <= {"check_with_nurse"}  # the plan's, at five weeks
    states = {row.id: row.state for row in village.rows(Visit.id, Visit.state)}
    assert {states[visit] for visit in (family.antenatal, family.own, family.babys)} == {VisitState.PLANNED}
    assert village.rows(Client.wording, Client.edd)[0] == (Wording.T1, place.today - 8 * DAY + 90 * DAY)
    place.later(hours=1)
    assert place.got()


def test_s07_of_two_losses_each_must_be_settled(family: Family) -> None:
    place = family.place
    first, second = family.loses(LossKind.STILLBIRTH), family.loses(LossKind.INFANT_DEATH)
    family.goes_on(first)
    assert place.state_of(family.mother) == ("muted", "infant_death")
    family.goes_on(second)
    assert place.state_of(family.mother) == ("active", None)


def test_s07_a_mother_who_asks_for_no_more_baby_texts_hears_nothing_more(family: Family) -> None:
    """She need not say why; a person finds out, and says which loss it was."""
    place = family.place
    asked = family.loses(LossKind.NOT_SAID)
    assert family.loses(LossKind.NOT_SAID) == asked
    assert place.open_tasks() == [("loss", MENTORS)]
    place.later(days=16)
    assert place.got() == []
    family.loses(LossKind.STILLBIRTH)
    assert place.state_of(family.mother) == ("muted", "stillbirth")
    assert [kind for kind, _ in place.open_tasks("loss")] == ["loss"]


@one_database
@pytest.mark.parametrize("kind", [LossKind.STILLBIRTH, LossKind.NOT_SAID])
def test_s07_nobody_is_thanked_after_a_loss_for_a_yes_to_what_was_asked_before(
    place: Place, kind: LossKind
) -> None:
    """What she asks for herself is answered still."""
    family = Family(place, phone_confirmed=False)

    def ask(tx: Transaction) -> bool:
        her = client(tx, family.mother)
        return bool(her and ask_number(tx, place.village.parts.programme, her))

    assert place.act(ask)
    place.village.tick()
    family.loses(kind)
    assert place.say("1") == []
    assert place.village.links()[0].confirmed_at
    assert place.say("call me") != []


def dies(place: Place, woman: UUID) -> None:
    new = NewLoss(woman, LossKind.MATERNAL_DEATH)
    place.act(lambda tx: loss.record_loss(tx, place.village.parts.programme, new))


def is_erased(place: Place, woman: UUID) -> None:
    hers = (woman, *place.read(lambda reading: with_her(reading, woman)))
    place.act(lambda tx: replay(tx, [Erasure(one, tx.now) for one in hers]))


@one_database
@pytest.mark.parametrize("leaves", [dies, is_erased])
def test_s07_whoever_is_gone_is_missed_by_no_proof_of_the_ledger(
    place: Place, leaves: Callable[[Place, UUID], None]
) -> None:
    """What came again and again comes no more, and nobody is alarmed because it does not."""
    woman, programme = place.woman(edd=place.today + 40 * DAY), place.village.parts.programme
    place.act(lambda tx: choices.choose(tx, programme, woman, Choice.WEEKLY_CHECK_IN))
    visit = place.village.visit(woman, place.today, VisitKind.REFILL)
    came = Came(place.today, days_supplied=56)
    place.act(lambda tx: visits.record_attendance(tx, programme, visit, VisitState.ATTENDED, came=came))
    place.work()
    leaves(place, woman)
    for days in (0, 9, 18):
        place.village.clock.moment += days * DAY
        place.work()
        assert place.read(lambda reading: prove(reading, programme)).holds
    assert place.got() == []
