"""Two records of one woman become one, and two again if that was a mistake. No row is lost in between."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Table, and_, insert, select, update
from sqlalchemy.exc import IntegrityError

from service.actions import consent, loss
from service.actions.cancelled_visits import reopen_visits
from service.actions.ledger import put_back, take_back
from service.actions.next_look import look_again
from service.actions.silence import settle_state, silence
from service.actions.transfer import withdraw_offer
from service.domain.discretion import DISCREET_FIRST
from service.domain.ids import new_id
from service.domain.people import ClientState, ConsentChannel
from service.domain.reason import Reason
from service.domain.safety import TransferState
from service.programme import Programme
from service.store.models.access import Note
from service.store.models.care import Contact, Task, Visit
from service.store.models.columns import Row
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
from service.store.records import client, last_word, links_of
from service.store.transaction import Transaction

MERGED: Final = "merged"
"""Why a record has ended that went into another."""

_HERS: Final[tuple[tuple[type[Row], str], ...]] = (
    (Visit, "client_id"),
    (Visit, "subject_id"),
    (LedgerEntry, "client_id"),
    (LedgerEntry, "subject_id"),
    (Contact, "client_id"),
    (Message, "person_id"),
    (Inbound, "person_id"),
    (Infant, "mother_id"),
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
"""What belongs to a client and goes with her, beside her tasks and numbers."""

STAYS: Final[frozenset[tuple[type[Row], str]]] = frozenset(
    {
        (Credential, "person_id"),  # the PIN of the record that stays is hers
        (Merge, "kept_id"),
        (Merge, "merged_id"),
        (Task, "subject_id"),  # always an infant, who goes with her mother
    }
)
"""What names a person and does not go with her."""

MOVES: Final = frozenset({*_HERS, (Task, "client_id"), (PersonPhone, "person_id")})


def merge(tx: Transaction, programme: Programme, kept_id: UUID, merged_id: UUID) -> UUID | None:
    """Put a record into another; the merge's id, ``None`` if they are one already or either has ended.

    1. Take back what waits to leave for the one that goes: it is written anew.
    2. Move its rows; what the other has already (the same visit, the same number) stays behind, silent.
    3. The stricter of both holds: each no, the more discreet words, a loss and a disclosure.
    """
    states = select(Client.id).where(Client.id.in_((kept_id, merged_id)), Client.state != ClientState.ENDED)
    if len(tx.connection.scalars(states.with_for_update()).all()) != 2:
        return None
    merge_id = tx.add(Merge, kept_id=kept_id, merged_id=merged_id, merged_at=tx.now, actor=str(tx.actor))
    take_back(tx, Message.person_id == merged_id, Reason.MERGED)
    silence(tx, merged_id, Reason.MERGED)
    _agree_on_the_stricter(tx, merge_id, kept_id, merged_id)
    _withdraw_offers(tx, merged_id)
    for table, column in _HERS:
        _move(tx, merge_id, table, column, kept_id, merged_id)
    _move_tasks(tx, merge_id, kept_id, merged_id)
    _move_numbers(tx, merge_id, kept_id, merged_id)
    ended = {"state": ClientState.ENDED, "state_reason": MERGED, "merged_into": kept_id}
    _change(tx, merge_id, Client, merged_id, ended)
    _hold_what_holds_either(tx, programme, merge_id, kept_id)
    look_again(tx, Client.id.in_((kept_id, merged_id)))
    tx.audit("merge", "client", kept_id, str(merged_id))
    return merge_id


def _agree_on_the_stricter(tx: Transaction, merge_id: UUID, kept_id: UUID, merged_id: UUID) -> None:
    """Each no is said anew, for of what either said before the last word would count."""
    for channel in ConsentChannel:
        words = last_word(tx, merged_id, channel), last_word(tx, kept_id, channel)
        strictest = min(words, key=lambda word: (word.given, word.through != consent.STOPPED))
        if not strictest.given and words != (strictest, strictest):
            through = strictest.through or MERGED
            consent.record(tx, kept_id, channel, given=False, through=through)
    both = select(Client.wording).where(Client.id.in_((kept_id, merged_id)))
    wording = min(tx.connection.scalars(both), key=DISCREET_FIRST.index)
    _change(tx, merge_id, Client, kept_id, {"wording": wording})
    _take_hours(tx, merge_id, kept_id, merged_id)


def _take_hours(tx: Transaction, merge_id: UUID, kept_id: UUID, merged_id: UUID) -> None:
    """The hours that she chose, where she has chosen none in the record that stays."""
    hers, others = client(tx, kept_id), client(tx, merged_id)
    if hers.safe_from or hers.safe_to or hers.safe_days:
        return
    days = "".join(str(day) for day in sorted(others.safe_days or ())) or None
    chosen = {"safe_from": others.safe_from, "safe_to": others.safe_to, "safe_days": days}
    _change(tx, merge_id, Client, kept_id, {name: value for name, value in chosen.items() if value})


def _hold_what_holds_either(tx: Transaction, programme: Programme, merge_id: UUID, kept_id: UUID) -> None:
    """After a loss or a disclosure nothing goes to her by way of the other record."""
    if loss.end_what_was_lost(tx, programme, kept_id):
        _change(tx, merge_id, Client, kept_id, {"edd": None})
    if settle_state(tx, kept_id) in (ClientState.MUTED, ClientState.DIED):
        silence(tx, kept_id, Reason.MUTED)


def _move(
    tx: Transaction, merge_id: UUID, table: type[Row], column: str, kept_id: UUID, merged_id: UUID
) -> None:
    clause = _table(table)
    rows = select(clause.c.id).where(clause.c[column] == merged_id)
    for row_id in tx.connection.scalars(rows.order_by(clause.c.id)).all():
        try:
            with tx.connection.begin_nested():
                _change(tx, merge_id, table, row_id, {column: kept_id})
        except IntegrityError:
            continue  # the other record has the same: this one stays behind


def _withdraw_offers(tx: Transaction, client_id: UUID) -> None:
    """Nobody is asked to take over a record that is about to end."""
    offered = and_(Transfer.client_id == client_id, Transfer.state == TransferState.OFFERED)
    for transfer_id in tx.connection.scalars(select(Transfer.id).where(offered)).all():
        withdraw_offer(tx, transfer_id)


def _move_tasks(tx: Transaction, merge_id: UUID, kept_id: UUID, merged_id: UUID) -> None:
    """An open task is found again by its matter, which names her."""
    hers = select(Task.id, Task.open_key).where(Task.client_id == merged_id).order_by(Task.id)
    for row in tx.connection.execute(hers).all():
        _change(tx, merge_id, Task, row.id, {"client_id": kept_id})
        matter = row.open_key and row.open_key.replace(str(merged_id), str(kept_id))
        is_free = select(Task.id).where(Task.open_key == matter)
        if matter and tx.connection.scalar(is_free) is None:
            _change(tx, merge_id, Task, row.id, {"open_key": matter})


def _move_numbers(tx: Transaction, merge_id: UUID, kept_id: UUID, merged_id: UUID) -> None:
    """Hers is the number of the record that stays; the other's comes after it, once."""
    known = {link.phone_id for link in links_of(tx, kept_id)}
    for link in links_of(tx, merged_id):
        moved = {"person_id": kept_id, "rank": 1}
        _change(
            tx, merge_id, PersonPhone, link.link_id, {"until": tx.now} if link.phone_id in known else moved
        )


def _change(tx: Transaction, merge_id: UUID, table: type[Row], row_id: UUID, values: dict[str, Any]) -> None:
    """Change a row, and note what stood there before."""
    clause = _table(table)
    for column, after in values.items():
        where = clause.c.id == row_id
        before = tx.connection.execute(select(clause.c[column]).where(where)).scalar_one()
        tx.connection.execute(update(clause).where(where).values({column: after}))
        noted = {"table": clause.name, "row_id": row_id, "column": column}
        values_of = {"before": _said(before), "after": _said(after)}
        tx.connection.execute(
            insert(MergeChange).values(id=new_id(), merge_id=merge_id, **noted, **values_of)
        )


def _table(table: type[Row]) -> Table:
    found = table.__table__
    if not isinstance(found, Table):
        raise TypeError(f"{table} stands on no table.")
    return found


def unmerge(tx: Transaction, merge_id: UUID) -> bool:
    """Make two records of one again: every value that nobody changed since is as it was.

    ``False`` if that was done before. A no that the other had said stays with the record that was kept.
    """
    undone = tx.connection.execute(
        update(Merge)
        .where(Merge.id == merge_id, Merge.undone_at.is_(None))
        .values(undone_at=tx.now, undone_by=str(tx.actor))
        .returning(Merge.kept_id, Merge.merged_id, Merge.merged_at)
    ).one_or_none()
    if undone is None:
        return False
    take_back(tx, Message.person_id == undone.kept_id, Reason.MERGED)
    changes = select(MergeChange).where(MergeChange.merge_id == merge_id).order_by(MergeChange.id.desc())
    for change in tx.connection.execute(changes.with_only_columns(*_table(MergeChange).c)).all():
        clause = Row.metadata.tables[change.table]
        column = clause.c[change.column]
        if _said(tx.connection.scalar(select(column).where(clause.c.id == change.row_id))) == change.after:
            before = _read(column.type.python_type, change.before)
            tx.connection.execute(
                update(clause).where(clause.c.id == change.row_id).values({change.column: before})
            )
    _let_go(tx, undone.kept_id, undone.merged_id, undone.merged_at)
    _let_go(tx, undone.merged_id, undone.kept_id, undone.merged_at)
    look_again(tx, Client.id.in_((undone.kept_id, undone.merged_id)))
    tx.audit("unmerge", "client", undone.kept_id)
    return True


def _let_go(tx: Transaction, client_id: UUID, other_id: UUID, since: datetime) -> None:
    """What the other one lost is not hers any more; what is her own holds her as before."""
    for loss_id in tx.connection.scalars(select(Loss.id).where(Loss.client_id == other_id)).all():
        reopen_visits(tx, loss_id, Visit.client_id == client_id)
    put_back(tx, client_id, (Reason.LOSS,), since)
    if settle_state(tx, client_id) is ClientState.ACTIVE:
        put_back(tx, client_id, (Reason.MUTED,), since)


def _said(value: Any) -> str | None:
    return None if value is None else str(value)


def _read(kind: type, text: str | None) -> Any:
    return None if text is None else _FROM_TEXT.get(kind, kind)(text)


_FROM_TEXT: Final[Mapping[type, Callable[[str], Any]]] = {
    date: date.fromisoformat,
    time: time.fromisoformat,
    datetime: datetime.fromisoformat,
}
