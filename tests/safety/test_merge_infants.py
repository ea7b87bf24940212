"""A baby, a visit or a sample that was entered in both records of a woman is one, and nothing is lost."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from service.actions import enrol, loss, merge, samples, visits
from service.actions.loss import NewLoss
from service.actions.merge_infants import OF_AN_INFANT, SameInfant
from service.actions.merge_log import Naming
from service.actions.merge_visits import OF_A_VISIT
from service.domain.care import VisitKind, VisitState
from service.domain.cascade import Result
from service.domain.people import ClientKind, ClientState, InfantRisk
from service.domain.safety import LossKind
from service.store.models.care import Visit, VisitEvent
from service.store.models.columns import Row
from service.store.models.people import Client, Infant
from service.store.models.plans import InfantSample
from service.store.records import with_her
from tests.safety.place import BABY, COORDINATORS, DAY, HERS, MENTORS, OTHERS, Place, one_database


class Twice:
    """A mother who was entered twice, and her baby with her each time, a day apart."""

    def __init__(self, place: Place) -> None:
        self.place, self.programme = place, place.village.parts.programme
        self.kept = place.woman(kind=ClientKind.ART)
        self.second = place.woman(OTHERS, "Thato M", kind=ClientKind.ART)
        self.born = place.today - 38 * DAY
        self.baby = self.enrolled(enrol.NewInfant(self.kept, BABY, self.born))
        other = enrol.NewInfant(self.second, "Neo M", self.born + DAY, risk=InfantRisk.HIGH)
        self.double = self.enrolled(other)
        self.pairs: tuple[SameInfant, ...] = (SameInfant(self.baby, self.double),)
        place.work()

    def enrolled(self, new: enrol.NewInfant) -> UUID:
        return self.place.act(lambda tx: enrol.enrol_infant(tx, new, "en"))

    def sample(self, infant: UUID, taken: date, result: Result | None = None) -> UUID:
        found = self.place.act(lambda tx: samples.record_sample(tx, self.programme, infant, taken))
        assert isinstance(found, UUID)
        if result:
            today = self.place.today
            self.place.act(lambda tx: samples.record_result(tx, self.programme, found, result, today))
        return found

    def merged(self) -> UUID:
        new = self.kept, self.second, self.pairs
        found = self.place.act(lambda tx: merge.merge(tx, self.programme, *new))
        assert found
        return found

    def tests_ahead(self, woman: UUID) -> set[tuple[UUID, date]]:
        rows = self.place.village.rows(Visit.client_id, Visit.subject_id, Visit.kind, Visit.day, Visit.state)
        return {
            (row.subject_id, row.day)
            for row in rows
            if row.client_id == woman
            and row.kind is VisitKind.INFANT_TEST
            and row.state is VisitState.PLANNED
        }

    def whose(self) -> dict[str, set[tuple[object, ...]]]:
        """Whom everything names that can name an infant."""
        named: tuple[Naming, ...] = (*OF_AN_INFANT, (InfantSample, "infant_id"), (Infant, "mother_id"))
        columns = {f"{one.__tablename__}.{name}": (one.__table__.c, name) for one, name in named}
        rows = self.place.village.rows
        return {of: {tuple(row) for row in rows(c["id"], c[name])} for of, (c, name) in columns.items()}


@pytest.fixture
def twice(place: Place) -> Twice:
    return Twice(place)


def test_a_baby_that_was_entered_in_both_has_one_chain_of_tests(twice: Twice) -> None:
    alone = twice.tests_ahead(twice.kept)
    assert alone
    twice.merged()
    twice.place.work()
    assert twice.tests_ahead(twice.kept) == alone
    twice.place.later(days=12)
    assert len([text for text in twice.place.got(HERS) if "tomorrow" in text]) == 1
    assert twice.place.got(OTHERS) == []


@one_database
def test_two_babies_stay_two(twice: Twice) -> None:
    """A merge that nobody says more of, of twins for example, takes both along."""
    twice.pairs = ()
    twice.merged()
    twice.place.work()
    assert {infant for infant, _ in twice.tests_ahead(twice.kept)} == {twice.baby, twice.double}


@one_database
def test_what_was_known_of_it_in_either_record_is_known_of_it(twice: Twice) -> None:
    first = twice.sample(twice.baby, twice.born)
    second = twice.sample(twice.double, twice.born + 3 * DAY)
    twice.merged()
    rows = twice.place.village.rows(InfantSample.id, InfantSample.infant_id)
    assert {tuple(row) for row in rows} == {(first, twice.baby), (second, twice.baby)}
    risks = twice.place.village.rows(Infant.id, Infant.risk)
    assert {row.risk for row in risks if row.id == twice.baby} == {InfantRisk.HIGH}


@one_database
@pytest.mark.parametrize("entered", ["one sample", "the same sample twice"])
def test_a_positive_result_in_the_other_record_stops_its_tests_and_calls_two_people(
    twice: Twice, entered: str
) -> None:
    dated = twice.place.village.visit(
        twice.kept, twice.place.today + 2 * DAY, VisitKind.INFANT_TEST, twice.baby
    )
    if entered == "the same sample twice":
        twice.sample(twice.baby, twice.born + 3 * DAY, Result.NEGATIVE)
    twice.sample(twice.double, twice.born + 3 * DAY, Result.POSITIVE)
    twice.merged()
    assert twice.place.village.visit_state(dated)[0] == "cancelled"
    assert twice.place.open_tasks("see_at_once") == [
        ("see_at_once", MENTORS),
        ("see_at_once", COORDINATORS),
    ]
    twice.place.later(days=2)
    assert not [text for text in twice.place.got(HERS) if "Wednesday" in text or "tomorrow" in text]


def test_undone_each_baby_has_its_own_again(twice: Twice) -> None:
    dated = twice.place.village.visit(
        twice.kept, twice.place.today + 2 * DAY, VisitKind.INFANT_TEST, twice.baby
    )
    twice.sample(twice.baby, twice.born + 3 * DAY)
    twice.sample(twice.double, twice.born + 3 * DAY, Result.POSITIVE)
    before = twice.whose()
    merge_id = twice.merged()
    twice.place.later()
    assert twice.whose() != before
    assert twice.place.act(lambda tx: merge.unmerge(tx, merge_id))
    after = twice.whose()
    assert all(rows <= after[name] for name, rows in before.items())
    assert twice.place.village.visit_state(dated)[0] == "planned"
    results = twice.place.village.rows(InfantSample.infant_id, InfantSample.result)
    assert {tuple(row) for row in results} == {(twice.baby, None), (twice.double, Result.POSITIVE)}
    twice.place.later(days=1)
    assert [text for text in twice.place.got(HERS) if "tomorrow" in text]


def test_undone_what_was_recorded_in_between_is_nobodys_loss(twice: Twice) -> None:
    """Somebody has entered the sample once more where it was; so that of the merge stays where it went."""
    theirs = twice.sample(twice.double, twice.born + 3 * DAY)
    merge_id = twice.merged()
    late = twice.sample(twice.double, twice.born + 3 * DAY)
    assert twice.place.act(lambda tx: merge.unmerge(tx, merge_id))
    rows = twice.place.village.rows(InfantSample.id, InfantSample.infant_id)
    assert {tuple(row) for row in rows} == {(theirs, twice.baby), (late, twice.double)}


@one_database
def test_nothing_goes_about_a_baby_that_died_by_the_other_record(twice: Twice) -> None:
    new = NewLoss(twice.second, LossKind.INFANT_DEATH, twice.double)
    lost = twice.place.act(lambda tx: loss.record_loss(tx, twice.programme, new))
    twice.place.act(lambda tx: loss.go_on_with_care(tx, lost))
    twice.place.village.visit(twice.kept, twice.place.today + 2 * DAY, VisitKind.INFANT_TEST, twice.baby)
    merge_id = twice.merged()
    assert twice.tests_ahead(twice.kept) == set()
    twice.place.later(days=8)
    assert twice.place.got(HERS) == []
    assert twice.place.act(lambda tx: merge.unmerge(tx, merge_id))
    states = {row.id: row.state for row in twice.place.village.rows(Infant.id, Infant.state)}
    assert states == {twice.baby: ClientState.ACTIVE, twice.double: ClientState.DIED}


@one_database
def test_who_came_by_either_record_is_not_asked_why_she_did_not(twice: Twice) -> None:
    place, today = twice.place, twice.place.today
    kept, second = (place.village.visit(woman, today) for woman in (twice.kept, twice.second))
    record = visits.record_attendance
    place.act(lambda tx: record(tx, twice.programme, second, VisitState.ATTENDED))
    place.act(lambda tx: record(tx, twice.programme, kept, VisitState.MISSED))
    merge_id = twice.merged()
    assert place.village.visit_state(kept)[0] == "attended"
    assert place.village.visit_state(second)[0] == "cancelled"
    facts = place.village.rows(VisitEvent.visit_id, VisitEvent.fact)
    assert {row.visit_id for row in facts if row.fact == "attended"} == {kept}
    place.later(days=8)
    assert not [text for text in place.got(HERS) if "missed" in text]
    assert place.act(lambda tx: merge.unmerge(tx, merge_id))
    assert place.village.visit_state(kept)[0] == "missed"
    assert place.village.visit_state(second)[0] == "attended"


@one_database
def test_who_asks_to_be_forgotten_is_forgotten_with_the_baby_of_both_records(twice: Twice) -> None:
    twice.merged()
    known = twice.place.read(lambda reading: with_her(reading, twice.kept))
    assert set(known) == {twice.second, twice.baby, twice.double}


@one_database
def test_only_babies_of_the_two_records_can_be_one(twice: Twice) -> None:
    stranger = twice.place.woman("+26658100003", "Lineo")
    new = enrol.NewInfant(stranger, "Pule", twice.born)
    elsewhere = SameInfant(twice.baby, twice.enrolled(new))
    once_more = replace(elsewhere, other_id=twice.double)
    for twice.pairs in ((elsewhere,), (once_more, once_more)):
        with pytest.raises(ValueError, match="infant"):
            twice.merged()
    assert {row.merged_into for row in twice.place.village.rows(Client.merged_into)} == {None}


@pytest.mark.parametrize(
    ("table", "goes"), [("infants", {*OF_AN_INFANT, (InfantSample, "infant_id")}), ("visits", {*OF_A_VISIT})]
)
def test_everything_that_names_an_infant_or_a_visit_goes_with_it(table: str, goes: set[Naming]) -> None:
    naming = {
        (row.class_, column.name)
        for row in Row.registry.mappers
        for column in row.local_table.columns
        for key in column.foreign_keys
        if key.column.table.name == table
    }
    assert naming <= goes
