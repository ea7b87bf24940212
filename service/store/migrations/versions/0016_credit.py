"""What is left in our account at each gateway, when its provider last told it."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("gateway_states", sa.Column("credit_micros", sa.BigInteger(), nullable=True))
    op.add_column("gateway_states", sa.Column("credit_currency", sa.String(), nullable=True))
    op.add_column("gateway_states", sa.Column("credit_told_at", sa.DateTime(timezone=True), nullable=True))
