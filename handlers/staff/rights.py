"""Which roles may open which page. What is not listed here is open to nobody."""

from collections.abc import Mapping
from typing import Final

from service.actions.approve import MAY_APPROVE
from service.domain.people import Role

CARE: Final = frozenset({Role.MENTOR, Role.COORDINATOR, Role.ADMIN})
"""Whoever can be asked to do something. Whom she sees by that is for her caseload to say."""

LEAD: Final = frozenset({Role.COORDINATOR, Role.ADMIN})
REVIEW: Final = frozenset(Role) - {Role.MENTOR}
"""Whoever reads what is sent in everybody's name."""

RUN: Final = frozenset({Role.ADMIN})
EVERYBODY: Final = frozenset(Role)

OPEN: Final = frozenset(
    {
        "staff.static",
        "staff.sign_in",
        "staff.come_in",
        "staff.second_step",
        "staff.take_second_step",
        "staff.set_up",
        "staff.take_set_up",
        "staff.unlock",
        "staff.take_unlock",
        "staff.choose_language",
        "staff.worker",
        "staff.offline",
    }
)
"""What somebody needs who is not signed in yet."""

RIGHTS: Final[Mapping[str, frozenset[Role]]] = {
    **dict.fromkeys(
        (
            "staff.front",
            "staff.account",
            "staff.change_secret",
            "staff.lock",
            "staff.sign_out",
            "staff.sign_out_everywhere",
            "staff.form_token",
        ),
        EVERYBODY,
    ),
    **dict.fromkeys(
        (
            "staff.today",
            "staff.close_site_day",
            "staff.task",
            "staff.take_task",
            "staff.no_answer",
            "staff.called",
            "staff.task_done",
            "staff.close_task",
            "staff.number_of_task",
            "staff.visit",
            "staff.came",
            "staff.missed",
            "staff.move_visit",
            "staff.plan_visit",
            "staff.clients",
            "staff.client",
            "staff.number",
            "staff.add_note",
            "staff.add_contact",
            "staff.set_consent",
            "staff.reminder",
            "staff.client_preview",
            "staff.event_list",
            "staff.event",
            "staff.event_answer",
            "staff.bring_visit",
            "staff.remind",
            "staff.inbox",
            "staff.changes",
            "staff.record",
            "staff.put_right",
            "staff.set_reach",
            "staff.new_number",
            "staff.wish",
            "staff.report_incident",
            "staff.record_loss",
            "staff.care_goes_on",
            "staff.comfort",
            "staff.undo_loss",
            "staff.infant",
            "staff.weaned",
            "staff.in_care",
            "staff.infant_state",
            "staff.add_sample",
            "staff.sample_result",
            "staff.result_given",
            "staff.sample_day",
            "staff.withdraw_sample",
        ),
        CARE,
    ),
    **dict.fromkeys(
        ("staff.enrol", "staff.take_in", "staff.add_infant"), frozenset({Role.MENTOR, Role.COORDINATOR})
    ),
    **dict.fromkeys(
        (
            "staff.team_list",
            "staff.colleague",
            "staff.device_code",
            "staff.reset",
            "staff.phone_lost",
            "staff.app_lost",
            "staff.block",
            "staff.unblock",
            "staff.new_colleague",
            "staff.take_on",
            "staff.roster",
            "staff.on_call",
            "staff.off_call",
            "staff.hand_over",
            "staff.assign",
            "staff.go_on_leave",
            "staff.is_back",
            "staff.backup",
            "staff.sending",
            "staff.lost_texts",
            "staff.unknown_texts",
            "staff.stop_sending",
            "staff.go_on_sending",
            "staff.release",
            "staff.discard",
            "staff.site_list",
            "staff.site",
            "staff.add_event",
            "staff.move_event",
            "staff.cancel_event",
            "staff.give_to",
            "staff.turn_step",
            "staff.merge_question",
            "staff.merge_clients",
            "staff.undo_merge",
            "staff.incidents",
            "staff.resume_texts",
            "staff.transfers",
            "staff.offer_client",
            "staff.accept_client",
            "staff.decline_client",
            "staff.withdraw_client",
        ),
        LEAD,
    ),
    **dict.fromkeys(("staff.add_site", "staff.activate_site"), RUN),
    **dict.fromkeys(
        ("staff.plan_list", "staff.plan", "staff.text_list", "staff.text", "staff.preview"), REVIEW
    ),
    **dict.fromkeys(("staff.approve_plan", "staff.approve_text"), frozenset(MAY_APPROVE)),
    "staff.audit": frozenset({Role.ADMIN, Role.AUDITOR}),
    **dict.fromkeys(
        ("staff.figures", "staff.site_figures", "staff.figure", "staff.figures_file", "staff.site_paper"),
        frozenset({Role.COORDINATOR, Role.ME, Role.ADMIN}),
    ),
    **dict.fromkeys(
        ("staff.figure_cases", "staff.link_place", "staff.event_attended"), frozenset({Role.COORDINATOR})
    ),
}
