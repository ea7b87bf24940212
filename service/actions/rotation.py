"""A new key in the place of the old one, while the service works.

1. The new key is put behind the others: every process knows it, and nobody writes with it yet.
2. It is put in front: from now on everything is sealed and found with it, and the others still open.
3. What the others sealed is sealed anew, and every blind index is made anew, some rows at a time.

It may be killed at any moment and begun again: the key file, a mark in the database and the values themselves
tell how far it was. The older keys stay in the file until they are removed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select, update

from service.actions import reindexing
from service.actions.credentials import HASHED
from service.domain.people import Actor
from service.store import audit_seals
from service.store.erasures import Erasures
from service.store.keys import Key, KeyFile, KeyRing, make_key
from service.store.models.operations import AuditSeal, KeyCheck, Mark
from service.store.models.people import Credential, PhoneNumber
from service.store.resealing import FIRST, Step, count_old, reseal, sealed_columns
from service.store.store import Store, proof_of
from service.store.transaction import Reading, Transaction

UNDER_WAY: Final = "rotation_under_way"
"""The mark of a rotation that was begun: its value is the id of the new key."""

DONE: Final = "rotated_at"
"""The mark of the last rotation: when everybody had begun to write with the newest key."""

Watch = Callable[[int], None]
"""Is told how many rows have been dealt with."""


@dataclass(frozen=True)
class Installation:
    """What holds keys or is sealed with them. ``settle`` waits until every process has read the key file."""

    store: Store
    file: KeyFile
    erasures: Erasures
    settle: Callable[[], None]
    actor: Actor


def is_prepared(here: Installation) -> bool:
    """Whether a rotation can go on without a new key: one was begun, or a key is in the file for it."""
    under_way, known = here.store.read(lambda reading: (_under_way(reading), _known(reading)))
    return bool(under_way) or here.file.ring().keys[-1].id not in known


def prepare(here: Installation) -> None:
    """Put a new key behind the others, where nobody writes with it."""
    here.file.replace(KeyRing((*here.file.ring().keys, make_key())))


def rotate(here: Installation, watch: Watch) -> None:
    """Let the key that was prepared take over. Raises what ``KeyFile``, ``Vault`` and ``Erasures`` do."""
    key = here.store.write(lambda tx: _begin(tx, here.file.ring()), here.actor)
    here.settle()
    ring = here.file.ring()
    if ring.newest.id != key.id:
        here.file.replace(KeyRing((key, *(other for other in ring.keys if other.id != key.id))))
    here.settle()
    renew(here, watch)
    here.store.write(lambda tx: _finish(tx, key), here.actor)


def _begin(tx: Transaction, ring: KeyRing) -> Key:
    under_way = _under_way(tx)
    if under_way:
        return ring.named(under_way)
    key = ring.keys[-1]
    tx.add_once(KeyCheck, key_id=key.id, proof=proof_of(key))
    tx.add_once(Mark, name=UNDER_WAY, value=key.id, recorded_at=tx.now)
    tx.audit("rotate", "keys", detail=f"{ring.newest.id} -> {key.id}")
    return key


def _finish(tx: Transaction, key: Key) -> None:
    tx.connection.execute(delete(Mark).where(Mark.name.in_((UNDER_WAY, DONE))))
    tx.add_once(Mark, name=DONE, value=key.id, recorded_at=tx.now)
    tx.audit("rotated", "keys", detail=key.id)


def renew(here: Installation, watch: Watch) -> None:
    """Seal and index with the newest key whatever still is under another."""
    so_far = 0
    for step in _steps():
        done = here.store.write(partial(step, after=FIRST), here.actor)
        while done.count:
            so_far += done.count
            watch(so_far)
            done = here.store.write(partial(step, after=done.last), here.actor)
    here.store.write(reindexing.drop_strays, here.actor)
    for seal_id, mac in here.store.read(lambda reading: [*audit_seals.macs_to_renew(reading)]):
        here.store.write(partial(_renew_seal, seal_id=seal_id, mac=mac), here.actor)
    here.erasures.renew()


def _steps() -> Iterator[Callable[..., Step]]:
    for table, columns in sealed_columns():
        yield partial(reseal, table=table, columns=columns)
    yield from reindexing.STEPS


def _renew_seal(tx: Transaction, seal_id: UUID, mac: bytes) -> None:
    tx.connection.execute(update(AuditSeal).where(AuditSeal.id == seal_id).values(mac=mac))


@dataclass(frozen=True)
class InUse:
    """What still needs an older key: values; PINs and passwords that were set before the last rotation."""

    values: int
    secrets: int


def in_use(reading: Reading) -> InUse:
    rotated_at = reading.connection.scalar(select(Mark.recorded_at).where(Mark.name == DONE))
    older = select(func.count()).select_from(Credential).where(Credential.kind.in_(HASHED))
    if rotated_at:
        older = older.where(Credential.set_at <= rotated_at)
    numbers = select(func.count()).select_from(PhoneNumber).where(reindexing.is_old(reading))
    values = count_old(reading) + reading.connection.execute(numbers).scalar_one()
    return InUse(values, reading.connection.execute(older).scalar_one())


def remove(here: Installation, key_id: str) -> None:
    """Take a key, which is not the newest and which nothing needs, out of the file for good.

    The database lets go of it first: were the file first, nobody could write in between.
    """
    here.store.write(partial(_forget, key_id=key_id), here.actor)
    ring = here.file.ring()
    here.file.replace(KeyRing(tuple(key for key in ring.keys if key.id != key_id)))


def _forget(tx: Transaction, key_id: str) -> None:
    tx.connection.execute(delete(KeyCheck).where(KeyCheck.key_id == key_id))
    tx.audit("remove", "key", detail=key_id)


def is_under_way(reading: Reading) -> bool:
    return _under_way(reading) is not None


def _under_way(reading: Reading) -> str | None:
    return reading.connection.scalar(select(Mark.value).where(Mark.name == UNDER_WAY))


def _known(reading: Reading) -> frozenset[str]:
    return frozenset(reading.connection.scalars(select(KeyCheck.key_id)))
