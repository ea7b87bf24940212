"""S9: a client changes sites without a gap and without a second copy of anything."""

from uuid import UUID

import pytest

from scheduler import planner
from service.actions import sites, transfer
from service.actions.transfer import NewTransfer, TransferFault
from service.domain.people import Role
from service.store.models.people import Client
from service.store.transaction import Transaction
from tests.safety.place import COORDINATORS, DAY, MENTORS, NICKNAME, Place
from tests.worker.village import at

THEIR_MENTORS, THEIR_COORDINATORS = "+26658100060", "+26658100061"
TOLD = f"Hello {NICKNAME}. From now on Lisebo will help you. Your dates stay the same. Reply 3: call me."


class Move:
    """A client with a date, and another site with a mentor and a coordinator."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.woman = place.woman()
        self.visit = place.village.visit(self.woman, place.today + 2 * DAY)
        self.site = place.act(self._site)
        self.mentor = place.village.staff("Lisebo", THEIR_MENTORS, site=self.site)
        place.village.staff("Masechaba", THEIR_COORDINATORS, Role.COORDINATOR, site=self.site)

    def _site(self, tx: Transaction) -> UUID:
        added = sites.add_site(tx, "Ha Thaba", "Leribe")
        assert added
        sites.activate(tx, added)
        return added

    @property
    def programme(self) -> object:
        return self.place.village.parts.programme

    def offer(self, **given: object) -> UUID | TransferFault:
        new = NewTransfer(**{"client_id": self.woman, "to_site_id": self.site, **given})  # type: ignore[arg-type]
        return self.place.act(lambda tx: transfer.offer(tx, self.place.village.parts.programme, new))

    def offered(self, **given: object) -> UUID:
        found = self.offer(**given)
        assert isinstance(found, UUID)
        return found

    def accept(self, transfer_id: UUID, mentor: UUID | None = None) -> TransferFault | None:
        programme = self.place.village.parts.programme
        return self.place.act(lambda tx: transfer.accept(tx, programme, transfer_id, mentor))

    def is_at(self) -> tuple[UUID, UUID | None]:
        (row,) = self.place.village.rows(Client.site_id, Client.mentor_id)
        return row.site_id, row.mentor_id


@pytest.fixture
def move(place: Place) -> Move:
    return Move(place)


def test_s09_until_it_is_accepted_nothing_changes_for_her(move: Move) -> None:
    move.offered()
    assert move.is_at() == (move.place.village.site, move.place.mentor)
    move.place.later(days=2)
    assert [text for text in move.place.got() if "tomorrow" in text and "Palesa" in text]
    assert TOLD not in move.place.got()


def test_s09_the_receiving_site_is_asked(move: Move) -> None:
    move.offered()
    assert move.place.open_tasks() == [("accept_transfer", THEIR_COORDINATORS)]


def test_s09_the_mentor_who_was_proposed_is_asked(move: Move) -> None:
    move.offered(to_mentor_id=move.mentor)
    assert move.place.open_tasks() == [("accept_transfer", THEIR_MENTORS)]
    move.place.village.dispatch()
    assert len(move.place.got(THEIR_MENTORS)) == 1


def test_s09_once_accepted_she_is_told_once_and_reminded_once(move: Move) -> None:
    transfer_id = move.offered()
    assert move.accept(transfer_id, move.mentor) is None
    move.place.later(days=6)
    told = [text for text in move.place.got() if text == TOLD]
    reminded = [text for text in move.place.got() if "tomorrow" in text]
    assert (len(told), len(reminded)) == (1, 1)
    assert "Lisebo" in reminded[0]
    assert len(move.place.got()) == 2


def test_s09_a_reminder_that_waits_when_she_moves_goes_once_in_the_new_mentors_name(move: Move) -> None:
    place, transfer_id = move.place, move.offered()
    place.village.clock.moment = at(place.today + DAY, "10:00")
    planner.put_due(place.village.parts)
    assert place.village.message_states().count("queued") >= 1
    move.accept(transfer_id, move.mentor)
    place.later(days=3)
    reminded = [text for text in place.got() if "tomorrow" in text]
    assert len(reminded) == 1
    assert "Lisebo" in reminded[0]


def test_s09_what_is_open_about_her_goes_with_her(move: Move) -> None:
    move.place.say("3")
    move.accept(move.offered(), move.mentor)
    assert move.place.open_tasks() == [("call_me", THEIR_MENTORS)]


def test_s09_after_seven_days_she_is_the_senders_again_who_hears_of_it(move: Move) -> None:
    transfer_id = move.offered()
    move.place.later(days=6)
    assert move.place.open_tasks("transfer_returned") == []
    move.place.later(days=1, hours=1)
    assert move.place.open_tasks("transfer_returned") == [("transfer_returned", MENTORS)]
    assert move.place.open_tasks("accept_transfer") == []
    assert [text for text in move.place.got(MENTORS) if "new task" in text]
    assert move.accept(transfer_id) is TransferFault.NOT_OPEN
    assert move.is_at() == (move.place.village.site, move.place.mentor)


def test_s09_a_refusal_goes_back_at_once(move: Move) -> None:
    transfer_id, programme = move.offered(), move.place.village.parts.programme
    assert move.place.act(lambda tx: transfer.decline(tx, programme, transfer_id)) is None
    assert move.place.open_tasks() == [("transfer_returned", MENTORS)]


def test_s09_an_offer_can_be_taken_back(move: Move) -> None:
    transfer_id = move.offered()
    assert move.place.act(lambda tx: transfer.withdraw_offer(tx, transfer_id)) is None
    assert move.place.open_tasks() == []
    assert isinstance(move.offer(), UUID)


def test_s09_she_is_offered_to_one_site_at_a_time_and_never_where_nothing_is_sent(move: Move) -> None:
    silent = move.place.act(lambda tx: sites.add_site(tx, "Ha Molapo", "Leribe"))
    assert move.offer(to_site_id=silent) is TransferFault.SENDS_NOTHING
    assert move.offer(to_site_id=move.place.village.site) is TransferFault.SAME_SITE
    assert move.offer(to_mentor_id=move.place.mentor) is TransferFault.NOT_THERE
    transfer_id = move.offered()
    assert move.offer() is TransferFault.OFFERED
    assert move.accept(transfer_id, move.place.mentor) is TransferFault.NOT_THERE
    assert COORDINATORS not in [number for _, number in move.place.open_tasks()]
