"""The schema of a database that is being restored, changed inside the restoring transaction."""

from typing import Final

from alembic import command
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, MetaData, inspect, literal, select, table

from service.store.database import DatabaseUnusable, migrations

_REVISION_TABLE: Final = "alembic_version"
_OF_THE_MACHINERY: Final = frozenset({_REVISION_TABLE, "key_checks", "gateway_states"})
"""Tables into which a service writes that was merely started."""


def knows(wanted: str) -> bool:
    """Whether this program has the migration that leads to a revision."""
    with migrations() as config:
        try:
            return ScriptDirectory.from_config(config).get_revision(wanted) is not None
        except CommandError:
            return False


def revision(connection: Connection) -> str | None:
    """The revision that the database is at, or ``None`` if it was never migrated."""
    return MigrationContext.configure(connection).get_current_revision()


def insist_empty(connection: Connection) -> None:
    """Raise ``DatabaseUnusable`` if anything was ever recorded here."""
    names = inspect(connection).get_table_names()
    if names and _REVISION_TABLE not in names:
        raise DatabaseUnusable("This database belongs to something else: its tables are not Khopotso's.")
    for name in sorted({*names} - _OF_THE_MACHINERY):
        if connection.scalar(select(literal(1)).select_from(table(name)).limit(1)):
            raise DatabaseUnusable(
                f"This database is in use: its table {name!r} is not empty. "
                "A backup is restored into an empty database only."
            )


def build(connection: Connection, wanted: str) -> None:
    """Give an empty database the schema of a revision, and no rows. See ``insist_empty``."""
    if revision(connection) == wanted:
        for name in _OF_THE_MACHINERY - {_REVISION_TABLE}:
            connection.execute(table(name).delete())
        return
    there = MetaData()
    there.reflect(connection)
    there.drop_all(connection)
    _migrate(connection, wanted)


def finish(connection: Connection) -> None:
    """Bring the schema on to this version of the program."""
    _migrate(connection, "head")


def _migrate(connection: Connection, wanted: str) -> None:
    with migrations(connection=connection) as config:
        command.upgrade(config, wanted)
