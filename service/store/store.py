"""The one seam through which everything is read and written."""

from collections.abc import Callable
from typing import Self, TypeVar

from sqlalchemy import Connection, insert, select

from service.domain.people import Actor
from service.ports import Clock
from service.store.crypto import Tampered, Vault
from service.store.database import Database, DatabaseUnusable
from service.store.group_commit import GroupCommit
from service.store.models.operations import KeyCheck
from service.store.transaction import Reading, Transaction

T = TypeVar("T")

_KEY_CHECK = "key_checks"


class Store:
    """Runs actions in transactions and commits them; the only place that does.

    On SQLite one thread writes for the whole process, and actions that arrive together share one durable
    commit. On PostgreSQL each caller writes on a connection of its own.
    """

    def __init__(self, database: Database, vault: Vault, clock: Clock) -> None:
        self.database = database
        self.vault = vault
        self.clock = clock
        self._group = GroupCommit(database.writing) if database.is_sqlite else None

    def write(self, action: Callable[[Transaction], T], actor: Actor) -> T:
        """Run the action in a transaction; its result is returned once it is durable.

        An exception undoes all that the action wrote and is passed on.
        """

        def run(connection: Connection) -> T:
            return action(Transaction(connection, self.vault, self.clock.now(), actor))

        if self._group:
            return self._group.run(run)
        with self.database.writing.begin() as connection:
            return run(connection)

    def read(self, question: Callable[[Reading], T]) -> T:
        """Ask a question of one consistent state of the database."""
        with self.database.reading.begin() as connection:
            return question(Reading(connection, self.vault, self.clock.now()))

    def prove_keys(self) -> None:
        """Raise ``DatabaseUnusable`` unless the key file fits this database; a new key is noted in it."""
        known = self.read(lambda tx: tx.connection.execute(select(KeyCheck.key_id, KeyCheck.proof)).all())
        if known and not {row.key_id for row in known} & {key.id for key in self.vault.ring.keys}:
            raise DatabaseUnusable(
                "The key file does not belong to this database: none of its keys was used here."
            )
        for row in known:
            try:
                self.vault.unwrap(_KEY_CHECK, row.proof)
            except Tampered:
                raise DatabaseUnusable(
                    f"The key {row.key_id!r} in the key file is not the one used here."
                ) from None
        newest = self.vault.ring.newest.id
        if newest not in {row.key_id for row in known}:
            proof = self.vault.wrap(_KEY_CHECK, newest)
            with self.database.writing.begin() as connection:
                connection.execute(insert(KeyCheck).values(key_id=newest, proof=proof))

    def close(self) -> None:
        if self._group:
            self._group.close()
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
