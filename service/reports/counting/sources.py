"""Which function finds the facts of which source."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from service.domain.period import Period
from service.reports.counting.attendance import attendance
from service.reports.counting.away import absences
from service.reports.counting.contacts import contacts, first_contacts
from service.reports.counting.enrolments import enrolments
from service.reports.counting.fact import Fact
from service.reports.counting.follow_up import incidents, opt_outs, returns, tasks, wrong_numbers
from service.reports.counting.ground import Ground
from service.reports.counting.infants import first_samples, infant_cohorts
from service.reports.counting.reminders import check_ins, reminders
from service.reports.counting.tags import Source
from service.reports.counting.texts import messages

Sources = Mapping[Source, Callable[[Ground, Period], Iterable[Fact]]]

SOURCES: Final[Sources] = {
    Source.ENROLMENTS: enrolments,
    Source.CONTACTS: contacts,
    Source.REACHED: contacts,
    Source.REMINDERS: reminders,
    Source.CHECK_INS: check_ins,
    Source.ATTENDANCE: attendance,
    Source.RETURNS: returns,
    Source.TASKS: tasks,
    Source.OPT_OUTS: opt_outs,
    Source.WRONG_NUMBERS: wrong_numbers,
    Source.INCIDENTS: incidents,
    Source.FIRST_SAMPLES: first_samples,
    Source.INFANT_COHORTS: infant_cohorts,
    Source.ABSENCES: absences,
    Source.MESSAGES: messages,
}

ONCE_EACH: Final[Sources] = {**SOURCES, Source.REACHED: first_contacts}
"""The same for indicators that count women once each; what changes nothing in these is left out."""
