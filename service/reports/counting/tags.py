"""The sources of facts, and what each of them finds. The words stand in the file of indicators."""

from enum import StrEnum
from typing import Final


class Source(StrEnum):
    """Where facts come from; each is a module or a function of this package."""

    ENROLMENTS = "enrolments"
    CONTACTS = "contacts"
    REACHED = "reached"
    REMINDERS = "reminders"
    CHECK_INS = "check_ins"
    ATTENDANCE = "attendance"
    RETURNS = "returns"
    TASKS = "tasks"
    OPT_OUTS = "opt_outs"
    WRONG_NUMBERS = "wrong_numbers"
    INCIDENTS = "incidents"
    FIRST_SAMPLES = "first_samples"
    INFANT_COHORTS = "infant_cohorts"
    ABSENCES = "absences"
    MESSAGES = "messages"


TAGS: Final[dict[Source, tuple[str, ...]]] = {
    Source.ENROLMENTS: ("enrolled", "reached_first_remotely", "through_the_service"),
    Source.CONTACTS: ("remote", "in_person"),
    Source.REACHED: ("remote", "in_person"),
    Source.REMINDERS: ("due", "sent", "delivered", "failed"),
    Source.CHECK_INS: ("delivered", "answered"),
    Source.ATTENDANCE: (
        *("reminded", "reminded_known", "reminded_came_soon", "reminded_came_later"),
        *("not_reminded", "not_reminded_known", "not_reminded_came_soon", "not_reminded_came_later"),
    ),
    Source.RETURNS: ("returned",),
    Source.TASKS: ("acted_on", "judged", "in_time"),
    Source.OPT_OUTS: ("stopped",),
    Source.WRONG_NUMBERS: ("reported",),
    Source.INCIDENTS: ("reported",),
    Source.FIRST_SAMPLES: ("first", "positive", "positive_in_care"),
    Source.INFANT_COHORTS: (
        *("past_2_months", "tested_by_2_months", "past_12_months", "tested_by_12_months"),
        *("past_9_months", "tested_at_9_months", "past_18_months", "tested_at_18_months"),
        *("past_24_months", "final_known"),
    ),
    Source.ABSENCES: ("missed", "defaulter", "lost", "interrupted"),
    Source.MESSAGES: ("sent", "delivered", "parts", "priced"),
}
