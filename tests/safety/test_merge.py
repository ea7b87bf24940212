"""Two records of one woman become one, and two again; nothing is lost, and the stricter word holds."""

from collections import Counter
from datetime import time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from service.actions import choices, loss, merge, notes, sites, transfer
from service.actions.enrol import NicknameTaken
from service.actions.incident import NewIncident, report_disclosure
from service.actions.loss import NewLoss
from service.domain.care import VisitKind, VisitState
from service.domain.people import Choice, ConsentChannel, Wording
from service.domain.safety import LossKind
from service.store.models.access import Note
from service.store.models.care import Visit
from service.store.models.columns import Row
from service.store.models.messages import LedgerEntry
from service.store.models.people import Client, Consent
from service.store.models.plans import ClientChoice
from service.store.models.safety import Merge, Transfer
from service.store.records import client, consents_to
from tests.safety.place import DAY, HERS, MENTORS, OTHERS, Place, one_database
from tests.store.every_table import everything_in


class Twice:
    """A woman who was entered a second time, with another phone and a date of her own there."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.kept = place.woman(wording=Wording.T1)
        self.second = place.woman(
            OTHERS, "Thato M", consents=frozenset({ConsentChannel.SMS, ConsentChannel.CALL})
        )
        self.visits = {
            place.village.visit(self.kept, place.today + 2 * DAY),
            place.village.visit(self.second, place.today + 9 * DAY, VisitKind.REFILL),
        }

    def merged(self) -> UUID:
        found = self.place.act(
            lambda tx: merge.merge(tx, self.place.village.parts.programme, self.kept, self.second)
        )
        assert found
        return found


@pytest.fixture
def twice(place: Place) -> Twice:
    return Twice(place)


def test_what_was_known_of_either_is_hers(twice: Twice) -> None:
    before = Counter({name: len(rows) for name, rows in everything_in(twice.place.village.store).items()})
    twice.merged()
    after = Counter({name: len(rows) for name, rows in everything_in(twice.place.village.store).items()})
    assert not before - after
    rows = twice.place.village.rows(Visit.id, Visit.client_id, Visit.subject_id)
    assert {row.id for row in rows} == twice.visits
    assert {(row.client_id, row.subject_id) for row in rows} == {(twice.kept, twice.kept)}
    assert {row.client_id for row in twice.place.village.rows(LedgerEntry.client_id)} == {twice.kept}


def test_she_is_reminded_once_of_each_date_at_the_number_of_the_record_that_stays(twice: Twice) -> None:
    twice.merged()
    twice.place.later(days=10)
    assert twice.place.got(OTHERS) == []
    assert len([text for text in twice.place.got(HERS) if "tomorrow" in text]) == 2


def test_the_stricter_word_holds(twice: Twice) -> None:
    twice.place.say("STOP", OTHERS)
    twice.merged()
    assert twice.place.words_of(twice.kept)[-1] == (False, "stop")
    rows = twice.place.village.rows(Client.id, Client.wording)
    assert {row.wording for row in rows if row.id == twice.kept} == {Wording.T0}
    twice.place.later(days=10)
    assert twice.place.got(HERS) == []


AT_FIRST = frozenset({ConsentChannel.SMS})
LATER = frozenset(ConsentChannel)


@pytest.mark.parametrize("stays", ["the first", "the second"])
def test_a_no_that_was_said_before_the_others_yes_holds_all_the_same(place: Place, stays: str) -> None:
    """Of what is put together the last word would count, and a yes to another record is no answer to it."""
    first = place.woman(consents=AT_FIRST)
    place.later(hours=1)
    second = place.woman(OTHERS, "Thato M", consents=LATER)
    kept, gone = (first, second) if stays == "the first" else (second, first)
    assert place.act(lambda tx: merge.merge(tx, place.village.parts.programme, kept, gone))
    given = place.read(lambda reading: {one: consents_to(reading, kept, one) for one in ConsentChannel})
    assert given == {ConsentChannel.SMS: True, ConsentChannel.CALL: False, ConsentChannel.VISIT: False}


@pytest.mark.parametrize("stays", ["the first", "the second"])
def test_a_stop_that_was_said_before_the_others_yes_silences_her(place: Place, stays: str) -> None:
    first = place.woman()
    place.say("STOP")
    place.later(hours=1)
    second = place.woman(OTHERS, "Thato M")
    kept, gone = (first, second) if stays == "the first" else (second, first)
    place.village.visit(kept, place.today + 2 * DAY)
    assert place.act(lambda tx: merge.merge(tx, place.village.parts.programme, kept, gone))
    assert place.words_of(kept)[-1] == (False, "stop")
    place.later(days=2)
    assert place.got(OTHERS) == []


def test_the_hours_that_she_chose_in_either_record_hold(twice: Twice) -> None:
    place, noon = twice.place, time(12)
    place.act(lambda tx: tx.connection.execute(CHOSE.where(Client.id == twice.second)))
    merge_id = twice.merged()
    assert place.read(lambda reading: client(reading, twice.kept)).safe_from == noon
    assert place.act(lambda tx: merge.unmerge(tx, merge_id))
    assert place.read(lambda reading: client(reading, twice.kept)).safe_from is None


CHOSE = update(Client).values(safe_from=time(12), safe_to=time(15), safe_days="123")


class Bereaved(Twice):
    """In one of her records she is pregnant, in the other somebody has written down that she lost it."""

    def __init__(self, place: Place, mourns: str) -> None:
        super().__init__(place)
        self.due = place.today + 90 * DAY
        self.place.act(lambda tx: tx.connection.execute(update(Client).values(edd=self.due)))
        self.loss = self.recorded(self.kept if mourns == "the kept" else self.second)

    def recorded(self, woman: UUID) -> UUID:
        new = NewLoss(woman, LossKind.STILLBIRTH)
        return self.place.act(lambda tx: loss.record_loss(tx, self.place.village.parts.programme, new))

    def antenatal(self) -> set[VisitState]:
        rows = self.place.village.rows(Visit.kind, Visit.state)
        return {row.state for row in rows if row.kind is VisitKind.ANC}


@pytest.mark.parametrize("mourns", ["the kept", "the merged"])
def test_after_a_loss_in_either_record_nothing_goes_and_no_pregnancy_goes_on(
    place: Place, mourns: str
) -> None:
    her = Bereaved(place, mourns)
    if mourns == "the kept":
        place.village.visit(her.second, place.today + 12 * DAY)
    merge_id = her.merged()
    assert place.state_of(her.kept) == ("muted", "stillbirth")
    assert her.antenatal() == {VisitState.CANCELLED}
    place.later(days=10)
    assert place.got(HERS) == place.got(OTHERS) == []
    assert place.act(lambda tx: loss.go_on_with_care(tx, her.loss))
    assert {row.edd for row in place.village.rows(Client.id, Client.edd) if row.id == her.kept} == {None}
    assert merge_id


@one_database
def test_undone_who_lost_nothing_is_pregnant_again(place: Place) -> None:
    her = Bereaved(place, "the merged")
    merge_id = her.merged()
    place.village.clock.moment += timedelta(hours=1)
    assert place.act(lambda tx: merge.unmerge(tx, merge_id))
    assert place.state_of(her.kept) == ("active", None)
    assert place.state_of(her.second) == ("muted", "stillbirth")
    assert VisitState.PLANNED in her.antenatal()
    assert {row.edd for row in place.village.rows(Client.id, Client.edd) if row.id == her.kept} == {her.due}
    place.later(days=2)
    assert [text for text in place.got(HERS) if "tomorrow" in text]
    assert place.got(OTHERS) == []


def test_after_a_disclosure_in_either_record_she_gets_nothing(twice: Twice) -> None:
    place = twice.place
    waiting = place.village.put(person=twice.kept, phone=HERS)
    new = NewIncident(twice.second, "Her brother read a text.")
    place.act(lambda tx: report_disclosure(tx, place.village.parts.programme, new))
    twice.merged()
    assert place.village.state(waiting) == "cancelled"
    place.later(days=3)
    assert place.got(HERS) == place.got(OTHERS) == []


def test_undone_each_record_has_its_own_again(twice: Twice) -> None:
    place = twice.place
    merge_id = twice.merged()
    assert place.act(lambda tx: merge.unmerge(tx, merge_id))
    assert not place.act(lambda tx: merge.unmerge(tx, merge_id))
    owners = place.read(
        lambda reading: reading.connection.execute(select(Visit.client_id, Visit.subject_id)).all()
    )
    assert {tuple(row) for row in owners} == {(twice.kept, twice.kept), (twice.second, twice.second)}
    assert place.state_of(twice.second) == ("active", None)
    assert {row.person_id for row in place.village.rows(Consent.person_id)} == {twice.kept, twice.second}
    place.later(days=10)
    assert len(place.got(OTHERS)) >= 1
    assert len([text for text in place.got(HERS) if "tomorrow" in text]) == 1


def test_a_record_that_went_into_another_cannot_go_again(twice: Twice) -> None:
    twice.merged()
    programme = twice.place.village.parts.programme
    assert twice.place.act(lambda tx: merge.merge(tx, programme, twice.kept, twice.second)) is None


def test_everything_that_names_a_client_goes_with_her_or_is_known_to_stay() -> None:
    """Whoever adds a table says here which of both."""
    naming = {
        (row.class_, column.name)
        for row in Row.registry.mappers
        for column in row.local_table.columns
        for key in column.foreign_keys
        if key.column.table.name in ("clients", "people") and not column.primary_key
    }
    assert naming - merge.MOVES - merge.STAYS == set()
    assert not merge.MOVES & merge.STAYS


def test_what_she_wished_for_and_what_was_written_about_her_go_with_her(twice: Twice) -> None:
    place = twice.place
    programme = place.village.parts.programme
    place.act(lambda tx: choices.choose(tx, programme, twice.second, Choice.WEEKLY_CHECK_IN))
    place.act(lambda tx: notes.write_note(tx, client(tx, twice.second), "Her sister knows."))
    merge_id = twice.merged()
    owners = place.village.rows(ClientChoice.client_id) + place.village.rows(Note.client_id)
    assert {row.client_id for row in owners} == {twice.kept}
    place.later(days=8)
    assert [text for text in place.got(HERS) if "how are you" in text]
    place.act(lambda tx: merge.unmerge(tx, merge_id))
    owners = place.village.rows(ClientChoice.client_id) + place.village.rows(Note.client_id)
    assert {row.client_id for row in owners} == {twice.second}


def test_an_open_matter_is_still_found_and_settled_after_it(twice: Twice) -> None:
    place = twice.place
    programme = place.village.parts.programme
    lost = place.act(lambda tx: loss.record_loss(tx, programme, NewLoss(twice.second, LossKind.STILLBIRTH)))
    twice.merged()
    assert place.open_tasks("loss") == [("loss", MENTORS)]
    assert place.act(lambda tx: loss.go_on_with_care(tx, lost))
    assert place.open_tasks("loss") == []


def test_she_gets_no_number_at_which_somebody_else_is_called_as_she_is(twice: Twice) -> None:
    """Neither could tell whom a text is for, nor the service who dials."""
    twice.place.woman(OTHERS)
    with pytest.raises(NicknameTaken):
        twice.merged()
    assert {row.merged_into for row in twice.place.village.rows(Client.merged_into)} == {None}


def test_nor_when_two_records_part_again(twice: Twice) -> None:
    merge_id = twice.merged()
    twice.place.woman(OTHERS, "Thato M")
    with pytest.raises(NicknameTaken):
        twice.place.act(lambda tx: merge.unmerge(tx, merge_id))
    assert {row.undone_at for row in twice.place.village.rows(Merge.undone_at)} == {None}


def test_a_record_that_ends_is_offered_to_no_site(twice: Twice) -> None:
    place = twice.place
    there = place.act(lambda tx: sites.add_site(tx, "Ha Thaba", "Leribe"))
    assert there
    place.act(lambda tx: sites.activate(tx, there))
    new = transfer.NewTransfer(twice.second, there)
    offered = place.act(lambda tx: transfer.offer(tx, place.village.parts.programme, new))
    assert isinstance(offered, UUID)
    twice.merged()
    assert [row.state for row in place.village.rows(Transfer.state)] == ["withdrawn"]
    assert place.open_tasks("accept_transfer") == []
