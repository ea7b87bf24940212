"""A backup brought back, and everything that belongs to that, or nothing of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from service.actions.after_restore import Held, after_restore
from service.domain.people import Actor
from service.store import backup, schema
from service.store.erasures import Erasure, replay
from service.store.store import Store
from service.store.transaction import Transaction


@dataclass(frozen=True)
class Report:
    """The moment that the backup shows, its rows by table, what is held, how many were erased again."""

    backed_up_at: datetime
    rows: Mapping[str, int]
    held: Sequence[Held]
    erased: int


def restore(
    store: Store, path: Path, erasures: Sequence[Erasure], actor: Actor, watch: backup.Watch
) -> Report:
    """Bring a backup back into an empty database, so that nothing which may have been sent is sent again.

    Raises ``DatabaseUnusable`` or ``BackupUnusable``; then nothing was written.

    1. See that the database is empty, and that the whole file is as it was written.
    2. In one transaction: fill the database, erase again whoever was erased since, hold what may have gone.
    """
    store.read(lambda reading: schema.insist_empty(reading.connection))
    backed_up_at = backup.check(path, store.vault, watch).created_at

    def bring_back(tx: Transaction) -> Report:
        rows = backup.restore(tx, path, watch)
        erased = replay(tx, erasures)
        return Report(backed_up_at, rows, after_restore(tx, backed_up_at), erased)

    return store.write(bring_back, actor)
