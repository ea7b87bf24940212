"""Run by Alembic: applies the migrations over the address that the caller gave."""

from alembic import context

from service.store import database
from service.store.models import care, messages, operations, people
from service.store.models.columns import Row

TABLES = (people, care, messages, operations)

opened = database.connect(context.config.attributes["url"].render_as_string(hide_password=False))
with opened.writing.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Row.metadata,
        transaction_per_migration=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
opened.close()
