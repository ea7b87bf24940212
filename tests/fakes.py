"""Stand-ins for the outside world."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from service.menu.facts import NextVisit

A_VISIT = UUID(int=1)


@dataclass(frozen=True)
class FakeFacts:
    """What the menu may know about a caller; as it stands, a number that nobody knows."""

    speaks: str = "en"
    visit: NextVisit | None = None
    days: tuple[date, ...] = ()
    transport: str | None = None
    offered: Mapping[str, str] = field(default_factory=lambda: {"en": "English", "st": "Sesotho"})

    def language(self) -> str:
        return self.speaks

    def languages(self) -> Mapping[str, str]:
        return self.offered

    def next_visit(self) -> NextVisit | None:
        return self.visit

    def offered_days(self, visit_id: UUID) -> tuple[date, ...]:
        return self.days

    def transport_number(self) -> str | None:
        return self.transport
