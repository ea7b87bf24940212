"""How people get through the menu: screen by screen, how many came, went on, and dropped."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from service.store.models.dialogues import ScreenShown
from service.store.transaction import Reading


@dataclass(frozen=True)
class ScreenCount:
    """``entered`` is how often it was shown, ``left`` how often it was answered, ``ended`` how often it was
    the last of a call. Whoever did neither was cut off or hung up: ``dropped``. ``answered_ms`` is how many
    milliseconds an answer took on average.
    """

    screen: str
    entered: int
    left: int
    ended: int
    answered_ms: int | None

    @property
    def dropped(self) -> int:
        return max(0, self.entered - self.left - self.ended)


COLUMNS = ("screen", "entered", "left", "ended", "dropped", "answered_ms")


def funnel(reading: Reading, since: datetime, until: datetime) -> tuple[ScreenCount, ...]:
    """Every screen that was shown from ``since`` on and before ``until``, the most shown first."""
    within = (ScreenShown.shown_at >= since, ScreenShown.shown_at < until)
    left = {
        row.came_from: row
        for row in reading.connection.execute(
            select(
                ScreenShown.came_from,
                func.count().label("times"),
                func.avg(ScreenShown.answered_ms).label("took"),
            )
            .where(*within, ScreenShown.came_from.is_not(None))
            .group_by(ScreenShown.came_from)
        )
    }
    shown = reading.connection.execute(
        select(
            ScreenShown.screen,
            func.count().label("entered"),
            func.sum(case((ScreenShown.goes_on, 0), else_=1)).label("ended"),
        )
        .where(*within)
        .group_by(ScreenShown.screen)
        .order_by(func.count().desc(), ScreenShown.screen)
    )
    return tuple(
        ScreenCount(
            screen=row.screen,
            entered=row.entered,
            left=left[row.screen].times if row.screen in left else 0,
            ended=int(row.ended),
            answered_ms=round(left[row.screen].took) if row.screen in left else None,
        )
        for row in shown
    )
