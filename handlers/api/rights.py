"""Which roles a token needs for what. What is not listed here is open to nobody.

Whom it sees by that is another matter: the site of the token stands in every query.
"""

from collections.abc import Mapping
from typing import Final

from service.domain.people import Role

CARE: Final = frozenset({Role.MENTOR, Role.COORDINATOR, Role.ADMIN})
LEAD: Final = frozenset({Role.COORDINATOR, Role.ADMIN})
COUNT: Final = frozenset({Role.ME, Role.COORDINATOR, Role.ADMIN})
RUN: Final = frozenset({Role.ADMIN})
LOOK: Final = frozenset(Role)
SEES_PEOPLE: Final = frozenset({Role.COORDINATOR})
"""Whoever may see who is behind a figure, as on the pages; small ones are told to nobody else."""

RIGHTS: Final[Mapping[str, frozenset[Role]]] = {
    **dict.fromkeys(
        (
            "api.clients",
            "api.enrol_client",
            "api.client",
            "api.infants",
            "api.enrol_infant",
            "api.infant_tests",
            "api.record_sample",
            "api.record_result",
            "api.set_consent",
            "api.visits",
            "api.visit",
            "api.visits_of_client",
            "api.plan_visit",
            "api.plan_refill",
            "api.record_attendance",
            "api.move_visit",
            "api.reminders",
            "api.trigger_reminder",
            "api.messages",
            "api.message",
            "api.tasks",
            "api.task",
            "api.note_try",
            "api.close_task",
            "api.contacts",
            "api.note_contact",
            "api.request_communication",
            "api.communication",
            "api.book_appointment",
            "api.change_appointment",
            "api.appointment",
        ),
        CARE,
    ),
    **dict.fromkeys(("api.webhooks", "api.add_webhook", "api.remove_webhook"), RUN),
    **dict.fromkeys(("api.reports", "api.report"), COUNT),
    "api.sites": LOOK,
    "api.staff": LEAD,
}
