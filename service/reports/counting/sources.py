"""Which function finds the facts of which source."""

from collections.abc import Callable, Iterable
from typing import Final

from service.domain.period import Period
from service.reports.counting.contacts import contacts
from service.reports.counting.enrolments import enrolments
from service.reports.counting.fact import Fact
from service.reports.counting.ground import Ground
from service.reports.counting.tags import Source

SOURCES: Final[dict[Source, Callable[[Ground, Period], Iterable[Fact]]]] = {
    Source.ENROLMENTS: enrolments,
    Source.CONTACTS: contacts,
}
