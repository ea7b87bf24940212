"""Two records of one woman become one, and two again if that was a mistake. No row is lost in between."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import and_, delete, exists, select, update

from service.actions import consent, loss
from service.actions.cancelled_visits import reopen_visits
from service.actions.enrol import refuse_same_nickname
from service.actions.ledger import put_back, take_back
from service.actions.merge_infants import SameInfant, become_one
from service.actions.merge_log import MergeLog, Naming, put_back_changes
from service.actions.merge_visits import visits_become_one
from service.actions.next_look import look_again
from service.actions.silence import settle_state, silence
from service.actions.stop_tests import is_positive, resume_tests, stop_tests
from service.actions.transfer import withdraw_offer
from service.actions.visits import go_on
from service.domain.discretion import DISCREET_FIRST
from service.domain.people import ClientState, ConsentChannel
from service.domain.reason import Reason
from service.domain.safety import TransferState
from service.programme import Programme
from service.store.models.access import Note
from service.store.models.care import Contact, Task, Visit
from service.store.models.messages import Inbound, LedgerEntry, Message
from service.store.models.people import Client, Consent, Credential, Infant, PersonPhone
from service.store.models.plans import ClientChoice
from service.store.models.safety import (
    Correction,
    Incident,
    Loss,
    Merge,
    MergeChange,
    Recipient,
    Supporter,
    Transfer,
)
from service.store.records import client, infants_of, last_word, links_of
from service.store.transaction import Reading, Transaction

MERGED: Final = "merged"
"""Why a record has ended that went into another."""

_HERS: Final[tuple[Naming, ...]] = (
    (Visit, "subject_id"),
    (LedgerEntry, "subject_id"),
    (Contact, "client_id"),
    (Task, "client_id"),
    (Message, "person_id"),
    (Inbound, "person_id"),
    (Consent, "person_id"),
    (Loss, "client_id"),
    (Incident, "client_id"),
    (Supporter, "client_id"),
    (Recipient, "client_id"),
    (Correction, "client_id"),
    (Correction, "person_id"),
    (Transfer, "client_id"),
    (ClientChoice, "client_id"),
    (Note, "client_id"),
    (Client, "merged_into"),
)
"""What belongs to a client and goes with her, beside her visits, infants, numbers and ledger."""

STAYS: Final[frozenset[Naming]] = frozenset(
    {
        (Credential, "person_id"),  # the PIN of the record that stays is hers
        (Merge, "kept_id"),
        (Merge, "merged_id"),
        (Task, "subject_id"),  # always an infant, who goes with her mother
    }
)
"""What names a person and does not go with her."""

_VISITS: Final[Naming] = (Visit, "client_id")
_INFANTS: Final[Naming] = (Infant, "mother_id")
_LEDGER: Final[Naming] = (LedgerEntry, "client_id")

MOVES: Final = frozenset({*_HERS, _VISITS, _INFANTS, _LEDGER, (PersonPhone, "person_id")})


def merge(
    tx: Transaction, programme: Programme, kept_id: UUID, merged_id: UUID, same: Collection[SameInfant] = ()
) -> UUID | None:
    """Put a record into another; the merge's id, ``None`` if they are one already or either has ended.

    ``same``: the infants that were entered in both, as whoever merges has said.

    1. Take back what waits to leave for the one that goes: it is written anew.
    2. Move its rows. What the other has already (the same infant, visit or number) stays behind, silent, and
       what was recorded of it goes on in the other.
    3. The stricter of both holds: each no, the more discreet words, a loss, a disclosure, a positive result.

    Raises ``NicknameTaken``, before anything is changed, if at a number of the record that goes somebody else
    is called as she is.
    """
    _check(tx, kept_id, merged_id, same)
    _refuse_namesakes(tx, kept_id, merged_id)
    states = select(Client.id).where(Client.id.in_((kept_id, merged_id)), Client.state != ClientState.ENDED)
    if len(tx.connection.scalars(states.with_for_update()).all()) != 2:
        return None
    merge_id = tx.add(Merge, kept_id=kept_id, merged_id=merged_id, merged_at=tx.now, actor=str(tx.actor))
    take_back(tx, Message.person_id == merged_id, Reason.MERGED)
    silence(tx, merged_id, Reason.MERGED)
    log = MergeLog(tx, merge_id)
    _agree_on_the_stricter(log, kept_id, merged_id)
    _withdraw_offers(tx, merged_id)
    positive = {one.kept_id for one in same if is_positive(tx, one.kept_id)}
    _move_rows(log, kept_id, merged_id, same)
    _move_numbers(log, kept_id, merged_id)
    log.change(
        Client, merged_id, {"state": ClientState.ENDED, "state_reason": MERGED, "merged_into": kept_id}
    )
    _hold_what_holds_either(log, programme, kept_id)
    for infant_id in {one.kept_id for one in same} - positive:
        if is_positive(tx, infant_id):
            stop_tests(tx, infant_id)
    look_again(tx, Client.id.in_((kept_id, merged_id)))
    go_on(tx, programme, (kept_id,))
    tx.audit("merge", "client", kept_id, str(merged_id))
    return merge_id


def _refuse_namesakes(reading: Reading, kept_id: UUID, merged_id: UUID) -> None:
    nickname = client(reading, kept_id).nickname
    for link in links_of(reading, merged_id):
        refuse_same_nickname(reading, link.phone_id, nickname, kept_id, merged_id)


def _check(reading: Reading, kept_id: UUID, merged_id: UUID, same: Collection[SameInfant]) -> None:
    kept, others = {one.kept_id for one in same}, {one.other_id for one in same}
    if not len(kept) == len(others) == len(same):
        raise ValueError("One infant cannot be two others.")
    if not kept <= {*infants_of(reading, kept_id)} or not others <= {*infants_of(reading, merged_id)}:
        raise ValueError("Only infants of these two records can be one.")


def _move_rows(log: MergeLog, kept_id: UUID, merged_id: UUID, same: Collection[SameInfant]) -> None:
    """Who a visit is for changes before whose it is, so that the same one stays behind as it is."""
    for one in same:
        become_one(log, merged_id, one)
    log.move(_INFANTS, kept_id, merged_id, without={one.other_id for one in same})
    for naming in _HERS:
        log.move(naming, kept_id, merged_id)
    log.rename_matters(kept_id, kept_id, merged_id)
    for visit_id in log.move(_VISITS, kept_id, merged_id):
        visits_become_one(log, kept_id, visit_id)
    log.move(_LEDGER, kept_id, merged_id, without=log.stayed)


def _agree_on_the_stricter(log: MergeLog, kept_id: UUID, merged_id: UUID) -> None:
    """Each no is said anew, for of what either said before the last word would count."""
    tx = log.tx
    for channel in ConsentChannel:
        words = last_word(tx, merged_id, channel), last_word(tx, kept_id, channel)
        strictest = min(words, key=lambda word: (word.given, word.through != consent.STOPPED))
        if not strictest.given and words != (strictest, strictest):
            through = strictest.through or MERGED
            consent.record(tx, kept_id, channel, given=False, through=through)
    both = select(Client.wording).where(Client.id.in_((kept_id, merged_id)))
    wording = min(tx.connection.scalars(both), key=DISCREET_FIRST.index)
    log.change(Client, kept_id, {"wording": wording})
    _take_hours(log, kept_id, merged_id)


def _take_hours(log: MergeLog, kept_id: UUID, merged_id: UUID) -> None:
    """The hours that she chose, where she has chosen none in the record that stays."""
    hers, others = client(log.tx, kept_id), client(log.tx, merged_id)
    if hers.safe_from or hers.safe_to or hers.safe_days:
        return
    days = "".join(str(day) for day in sorted(others.safe_days or ())) or None
    chosen = {"safe_from": others.safe_from, "safe_to": others.safe_to, "safe_days": days}
    log.change(Client, kept_id, {name: value for name, value in chosen.items() if value})


def _hold_what_holds_either(log: MergeLog, programme: Programme, kept_id: UUID) -> None:
    """After a loss or a disclosure nothing goes to her by way of the other record."""
    if loss.end_what_was_lost(log.tx, programme, kept_id):
        log.change(Client, kept_id, {"edd": None})
    if settle_state(log.tx, kept_id) in (ClientState.MUTED, ClientState.DIED):
        silence(log.tx, kept_id, Reason.MUTED)


def _withdraw_offers(tx: Transaction, client_id: UUID) -> None:
    """Nobody is asked to take over a record that is about to end."""
    offered = and_(Transfer.client_id == client_id, Transfer.state == TransferState.OFFERED)
    for transfer_id in tx.connection.scalars(select(Transfer.id).where(offered)).all():
        withdraw_offer(tx, transfer_id)


def _move_numbers(log: MergeLog, kept_id: UUID, merged_id: UUID) -> None:
    """Hers is the number of the record that stays; the other's comes after it, once."""
    known = {link.phone_id for link in links_of(log.tx, kept_id)}
    for link in links_of(log.tx, merged_id):
        moved = {"person_id": kept_id, "rank": 1}
        ended = {"until": log.tx.now}
        log.change(PersonPhone, link.link_id, ended if link.phone_id in known else moved)


def unmerge(tx: Transaction, merge_id: UUID) -> bool:
    """Make two records of one again: every value that nobody changed since is as it was.

    ``False`` if that was done before. A no that the other had said stays with the record that was kept.
    Raises ``NicknameTaken``, before anything is changed, if at a number that goes back somebody else has come
    to be called as she is in the other record.
    """
    stands = Merge.id == merge_id, Merge.undone_at.is_(None)
    query = select(Merge.kept_id, Merge.merged_id, Merge.merged_at).where(*stands).with_for_update()
    undone = tx.connection.execute(query).one_or_none()
    if undone is None:
        return False
    _refuse_clashes(tx, merge_id, undone.kept_id, undone.merged_id)
    by = {"undone_at": tx.now, "undone_by": str(tx.actor)}
    tx.connection.execute(update(Merge).where(*stands).values(by))
    take_back(tx, Message.person_id == undone.kept_id, Reason.MERGED)
    positive = {one for one in infants_of(tx, undone.kept_id) if is_positive(tx, one)}
    _forget_what_it_got_since(tx, merge_id, undone.merged_id)
    put_back_changes(tx, merge_id)
    for infant_id in positive:
        if not is_positive(tx, infant_id):
            resume_tests(tx, infant_id)
    _let_go(tx, undone.kept_id, undone.merged_id, undone.merged_at)
    _let_go(tx, undone.merged_id, undone.kept_id, undone.merged_at)
    look_again(tx, Client.id.in_((undone.kept_id, undone.merged_id)))
    tx.audit("unmerge", "client", undone.kept_id)
    return True


def _forget_what_it_got_since(tx: Transaction, merge_id: UUID, merged_id: UUID) -> None:
    """Rows that say only that the record has ended stand where those of before the merge come back to."""
    untold = LedgerEntry.task_id.is_(None), ~exists().where(Message.ledger_id == LedgerEntry.id)
    since = LedgerEntry.id > merge_id  # identifiers are in the order in which rows were made
    tx.connection.execute(delete(LedgerEntry).where(LedgerEntry.client_id == merged_id, since, *untold))


def _refuse_clashes(reading: Reading, merge_id: UUID, kept_id: UUID, merged_id: UUID) -> None:
    nickname = client(reading, merged_id).nickname
    hers = MergeChange.merge_id == merge_id, MergeChange.table == PersonPhone.__tablename__
    goes_back = PersonPhone.id.in_(select(MergeChange.row_id).where(*hers))
    for phone_id in reading.connection.scalars(select(PersonPhone.phone_id).where(goes_back)).all():
        refuse_same_nickname(reading, phone_id, nickname, kept_id, merged_id)


def _let_go(tx: Transaction, client_id: UUID, other_id: UUID, since: datetime) -> None:
    """What the other one lost is not hers any more; what is her own holds her as before."""
    for loss_id in tx.connection.scalars(select(Loss.id).where(Loss.client_id == other_id)).all():
        reopen_visits(tx, loss_id, Visit.client_id == client_id)
    put_back(tx, client_id, (Reason.LOSS,), since)
    if settle_state(tx, client_id) is ClientState.ACTIVE:
        put_back(tx, client_id, (Reason.MUTED,), since)
