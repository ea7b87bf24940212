"""What the care plans keep beside the visits: samples, switches of a site, approvals."""

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
