"""Run by Alembic: applies the migrations over the address, or in the transaction, that the caller gave."""

from alembic import context
from sqlalchemy import Connection

from service.store import database, shape
from service.store.models.columns import Row

TABLES = shape.MODELS


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Row.metadata,
        transaction_per_migration=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    opened = database.connect(context.config.attributes["url"].render_as_string(hide_password=False))
    with opened.writing.connect() as own:
        migrate(own)
    opened.close()
