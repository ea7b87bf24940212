"""What is under a seal cannot be changed unnoticed by somebody who has the database and no key."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, update

from service.domain.ids import new_id
from service.domain.people import OPERATOR, SYSTEM
from service.store import audit_seals, database
from service.store.audit_seals import Checked
from service.store.crypto import Tampered, Vault
from service.store.keys import KeyRing, make_key
from service.store.models.operations import AuditRow, AuditSeal, Mark
from service.store.store import Store
from service.store.transaction import Transaction
from tests.worker.village import HandClock

BATCHES, ROWS = 3, 4


@pytest.fixture
def sealed(store: Store, clock: HandClock) -> Store:
    """Three batches of four rows, sealed ten minutes apart."""
    for batch in range(BATCHES):
        record(store, ROWS, f"batch-{batch}")
        assert store.write(audit_seals.seal, SYSTEM) == ROWS
        clock.moment += timedelta(minutes=10)
    return store


def record(store: Store, rows: int, noun: str = "thing") -> None:
    def act(tx: Transaction) -> None:
        for number in range(rows):
            tx.audit("do", noun, new_id(), f"detail {number}")

    store.write(act, OPERATOR)


def check(store: Store, kept: UUID | None = None) -> Checked:
    return store.read(lambda reading: audit_seals.check(reading, kept))


def rows_of(tx: Transaction) -> list[UUID]:
    """Of all sealed rows, in order."""
    return list(tx.connection.scalars(select(AuditRow.id).order_by(AuditRow.id)))


def seals_of(tx: Transaction) -> list[UUID]:
    return list(tx.connection.scalars(select(AuditSeal.id).order_by(AuditSeal.id)))


def test_what_nobody_touched_holds(sealed: Store) -> None:
    checked = check(sealed)
    assert (checked.rows, checked.seals, checked.unsealed, checked.wrong) == (12, 3, 0, ())
    assert check(sealed, checked.last) == checked


def test_nothing_at_all_holds_too(store: Store) -> None:
    assert check(store) == Checked(0, 0, 0, None, ())
    assert store.write(audit_seals.seal, SYSTEM) == 0
    assert check(store).wrong == ()


def test_what_is_not_sealed_yet_is_told_and_sealed_next(sealed: Store) -> None:
    record(sealed, 2)
    assert check(sealed).unsealed == 2
    sealed.write(audit_seals.seal, SYSTEM)
    assert (check(sealed).unsealed, check(sealed).seals) == (0, 4)


def _edit(tx: Transaction) -> None:
    tx.connection.execute(update(AuditRow).where(AuditRow.id == rows_of(tx)[5]).values(actor="nobody"))


def _move_in_time(tx: Transaction) -> None:
    later = tx.now + timedelta(seconds=1)
    tx.connection.execute(update(AuditRow).where(AuditRow.id == rows_of(tx)[5]).values(recorded_at=later))


def _delete(tx: Transaction) -> None:
    tx.connection.execute(delete(AuditRow).where(AuditRow.id == rows_of(tx)[5]))


def _delete_and_count_down(tx: Transaction) -> None:
    _delete(tx)
    tx.connection.execute(update(AuditSeal).where(AuditSeal.id == seals_of(tx)[1]).values(rows=ROWS - 1))


def _insert(tx: Transaction, seal: UUID | None, ago: timedelta) -> None:
    row = {"id": new_id(), "actor": "nobody", "verb": "do", "noun": "thing"}
    row |= {"recorded_at": tx.now - ago, "seal_id": seal}
    tx.connection.execute(insert(AuditRow).values(row))


def _insert_under_a_seal(tx: Transaction) -> None:
    _insert(tx, seals_of(tx)[1], timedelta(minutes=20))
    tx.connection.execute(update(AuditSeal).where(AuditSeal.id == seals_of(tx)[1]).values(rows=ROWS + 1))


def _insert_into_the_past(tx: Transaction) -> None:
    _insert(tx, None, timedelta(days=2))


def _swap(tx: Transaction) -> None:
    one, other = rows_of(tx)[4:6]
    details = dict(tx.connection.execute(select(AuditRow.id, AuditRow.detail)).all())
    for row, detail in ((one, details[other]), (other, details[one])):
        tx.connection.execute(update(AuditRow).where(AuditRow.id == row).values(detail=detail))


def _move_to_another_seal(tx: Transaction) -> None:
    rows, seals = rows_of(tx), seals_of(tx)
    tx.connection.execute(update(AuditRow).where(AuditRow.id == rows[0]).values(seal_id=seals[1]))
    tx.connection.execute(update(AuditRow).where(AuditRow.id == rows[4]).values(seal_id=seals[0]))


def _delete_a_batch(tx: Transaction) -> None:
    seal = seals_of(tx)[1]
    tx.connection.execute(delete(AuditRow).where(AuditRow.seal_id == seal))
    tx.connection.execute(delete(AuditSeal).where(AuditSeal.id == seal))


def _cut_off(tx: Transaction) -> None:
    seal = seals_of(tx)[-1]
    tx.connection.execute(delete(AuditRow).where(AuditRow.seal_id == seal))
    tx.connection.execute(delete(AuditSeal).where(AuditSeal.id == seal))


def _cut_all_off(tx: Transaction) -> None:
    tx.connection.execute(delete(AuditRow))
    tx.connection.execute(delete(AuditSeal))


def _unseal(tx: Transaction) -> None:
    """So that it would be sealed again as if it were new."""
    tx.connection.execute(update(AuditRow).values(seal_id=None))
    _change_all(tx)
    tx.connection.execute(delete(AuditSeal))


def _change_all(tx: Transaction) -> None:
    tx.connection.execute(update(AuditRow).values(actor="nobody"))


TAMPERINGS: tuple[Callable[[Transaction], None], ...] = (
    _edit,
    _move_in_time,
    _delete,
    _delete_and_count_down,
    _insert_under_a_seal,
    _insert_into_the_past,
    _swap,
    _move_to_another_seal,
    _delete_a_batch,
    _cut_off,
    _cut_all_off,
    _unseal,
)


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda tamper: tamper.__name__.strip("_"))
def test_whatever_somebody_without_the_key_does_is_noticed_and_stays_so(
    sealed: Store, tamper: Callable[[Transaction], None]
) -> None:
    """Not even what is recorded and sealed afterwards covers it up."""
    sealed.write(tamper, SYSTEM)
    assert check(sealed).wrong
    record(sealed, 2)
    with suppress(Tampered):
        sealed.write(audit_seals.seal, SYSTEM)
    assert check(sealed).wrong


def test_the_first_seal_that_does_not_hold_is_named(sealed: Store) -> None:
    sealed.write(_edit, SYSTEM)
    checked = check(sealed)
    (wrong,) = checked.wrong
    assert "2026-11-23 08:10" in wrong
    assert (checked.rows, checked.seals) == (ROWS, 1), "what was sealed before holds"


def test_whoever_takes_the_end_and_all_traces_of_it_is_found_by_a_seal_that_was_kept(sealed: Store) -> None:
    kept = check(sealed).last
    before = sealed.read(lambda reading: reading.connection.scalars(select(Mark.value)).all())
    record(sealed, 2)
    sealed.write(audit_seals.seal, SYSTEM)
    later = check(sealed).last

    def wind_back(tx: Transaction) -> None:
        _cut_off(tx)
        tx.connection.execute(update(Mark).values(value=before[0]))

    sealed.write(wind_back, SYSTEM)
    assert check(sealed).wrong == (), "nothing is left that could tell"
    assert check(sealed, kept).wrong == ()
    assert check(sealed, later).wrong


def test_of_two_who_seal_at_once_one_waits(database_url: str, vault: Vault, clock: HandClock) -> None:
    with (
        Store(database.connect(database_url), vault, clock) as one,
        Store(one.database, vault, clock) as other,
    ):
        one.prove_keys()
        for _ in range(10):
            record(one, 3)
            with ThreadPoolExecutor(2) as threads:
                sealing = [threads.submit(who.write, audit_seals.seal, SYSTEM) for who in (one, other)]
                assert sum(done.result() for done in sealing) == 3
        assert check(one).wrong == ()
        assert check(one).seals == 10


def test_a_machine_whose_clock_is_behind_seals_behind_the_others(sealed: Store, clock: HandClock) -> None:
    clock.moment -= timedelta(minutes=30)
    record(sealed, 2)
    assert sealed.write(audit_seals.seal, SYSTEM) == 2
    assert check(sealed).wrong == ()


def test_another_key_file_holds_nothing(sealed: Store) -> None:
    url = sealed.database.url.render_as_string(hide_password=False)
    with Store(database.connect(url), Vault(KeyRing((make_key(),))), sealed.clock) as stranger:
        assert check(stranger).wrong
