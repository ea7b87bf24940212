"""The one seam through which everything is read and written."""

from collections.abc import Callable
from time import monotonic
from typing import Final, Protocol, Self, TypeVar

from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from service.domain.people import SYSTEM, Actor
from service.ports import Clock
from service.store.crypto import Tampered, Vault
from service.store.database import Database, DatabaseUnusable
from service.store.group_commit import GroupCommit
from service.store.keys import LOOK_EVERY, Key, KeyRing
from service.store.models.operations import KeyCheck
from service.store.transaction import Reading, Transaction

T = TypeVar("T")

DEADLOCKS_BORNE: Final = 3
"""How often one action is run again because the database broke a deadlock by refusing it."""

_DEADLOCK: Final = "40P01"
_KEY_CHECK: Final = "key_checks"


class Turns(Protocol):
    """How those who write one SQLite file take turns."""

    def run(self, job: Callable[[Connection], T]) -> T:
        """Run the job in a transaction of its own; it is committed when this returns."""

    def close(self) -> None: ...


def proof_of(key: Key) -> bytes:
    """By which a database knows a key again."""
    return Vault(KeyRing((key,))).wrap(_KEY_CHECK, key.id)


class Store:
    """Runs actions in transactions and commits them; the only place that does.

    On SQLite one thread writes for the whole process, and actions that arrive together share one durable
    commit. On PostgreSQL each caller writes on a connection of its own.
    """

    def __init__(self, database: Database, vault: Vault, clock: Clock, turns: Turns | None = None) -> None:
        self.database = database
        self.vault = vault
        self.clock = clock
        self._keys_hold_until: float | None = None
        self._turns = turns or (GroupCommit(database.writing) if database.is_sqlite else None)

    def write(self, action: Callable[[Transaction], T], actor: Actor) -> T:
        """Run the action in a transaction; its result is returned once it is durable.

        An exception undoes all that the action wrote and is passed on. An action may be run again, so it
        leaves nothing outside its transaction.
        """

        def run(connection: Connection) -> T:
            self._insist_on_keys(connection)
            return action(Transaction(connection, self.vault, self.clock.now(), actor))

        return self._turns.run(run) if self._turns else self._alone(run)

    def _alone(self, run: Callable[[Connection], T]) -> T:
        """Two who wait for each other's rows are told apart by the database; whom it refuses comes again."""
        for _ in range(DEADLOCKS_BORNE):
            try:
                with self.database.writing.begin() as connection:
                    return run(connection)
            except OperationalError as error:
                if getattr(error.orig, "sqlstate", None) != _DEADLOCK:
                    raise
        with self.database.writing.begin() as connection:
            return run(connection)

    def read(self, question: Callable[[Reading], T]) -> T:
        """Ask a question of one consistent state of the database."""
        with self.database.reading.begin() as connection:
            return question(Reading(connection, self.vault, self.clock.now()))

    def prove_keys(self) -> None:
        """Raise ``DatabaseUnusable`` unless the key file fits this database; a new key is noted in it."""
        known = self.read(lambda tx: tx.connection.execute(select(KeyCheck.key_id, KeyCheck.proof)).all())
        if known and not {row.key_id for row in known} & self.vault.ring.ids:
            raise DatabaseUnusable(
                "The key file does not belong to this database: none of its keys was used here."
            )
        self._insist_on({row.key_id for row in known})
        for row in known:
            try:
                self.vault.unwrap(_KEY_CHECK, row.proof)
            except Tampered:
                raise DatabaseUnusable(
                    f"The key {row.key_id!r} in the key file is not the one used here."
                ) from None
        newest = self.vault.ring.newest.id
        if newest not in {row.key_id for row in known}:
            proof = proof_of(self.vault.ring.newest)
            self.write(lambda tx: tx.add_once(KeyCheck, key_id=newest, proof=proof), SYSTEM)
        self._keys_hold_until = monotonic() + LOOK_EVERY

    def _insist_on_keys(self, connection: Connection) -> None:
        """Nobody writes who lacks a key that others write with: he would not find what they wrote.

        Only for a store that has proved its keys; a database that is being restored knows none yet.
        """
        if self._keys_hold_until is None or monotonic() < self._keys_hold_until:
            return
        self._insist_on(set(connection.scalars(select(KeyCheck.key_id))))
        self._keys_hold_until = monotonic() + LOOK_EVERY

    def _insist_on(self, key_ids: set[str]) -> None:
        for missing in sorted(key_ids - self.vault.ring.ids):
            raise DatabaseUnusable(
                f"The key file lacks the key {missing!r} that this database is written with. "
                "Copy the newest key file to this machine."
            )

    def close(self) -> None:
        if self._turns:
            self._turns.close()
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
