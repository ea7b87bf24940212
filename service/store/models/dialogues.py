"""What happened on each screen, counted."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from service.store.models.columns import Id, Row


class ScreenShown(Row):
    """That a screen was shown to somebody; to whom is not kept.

    ``came_from`` is the screen that was answered, ``answered_ms`` how many milliseconds that took her; both
    are empty where a call begins. ``goes_on``: an answer is expected.
    """

    __tablename__ = "screens_shown"
    __table_args__ = (Index(None, "shown_at"),)
    id: Mapped[Id]
    screen: Mapped[str]
    came_from: Mapped[str | None]
    answered_ms: Mapped[int | None]
    goes_on: Mapped[bool]
    shown_at: Mapped[datetime]
