"""What a person is asked to do, and the lists of codes in which she says what came of it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from service.domain.care import VisitKind


class TaskKind(StrEnum):
    DANGER = "danger"
    CALL_ME = "call_me"
    NEEDS_HELP = "needs_help"
    NEW_DATE = "new_date"
    DID_SHE_COME = "did_she_come"
    READ_MESSAGE = "read_message"
    HELP_ASKED = "help_asked"
    CHECK_NUMBER = "check_number"
    WRONG_NUMBER = "wrong_number"
    MEANT_DATE = "meant_date"
    MISSED_VISIT = "missed_visit"
    NOT_DELIVERED = "not_delivered"
    SAYS_ATTENDED = "says_attended"
    INCIDENT = "incident"
    GATEWAY = "gateway"
    CREDIT = "credit"
    FIND_GUARDIAN = "find_guardian"
    DISCLOSURE = "disclosure"
    ACCEPT_TRANSFER = "accept_transfer"
    TRANSFER_RETURNED = "transfer_returned"
    TELL_RECIPIENTS = "tell_recipients"
    # what a client says on her phone
    VERIFY = "verify"
    PIN_LOCKED = "pin_locked"
    EARLY_REFILL = "early_refill"
    GOING_AWAY = "going_away"
    SIDE_EFFECTS = "side_effects"
    SAFETY = "safety"
    WEANED = "weaned"
    LOSS = "loss"
    CONTACT = "contact"  # noted after the fact; nobody had asked for it
    # what care plans ask for
    NO_ANSWER = "no_answer"
    CALL_MISSED = "call_missed"
    HOME_VISIT = "home_visit"
    TAKE_OVER = "take_over"
    INTERRUPTION = "interruption"
    TEST_OVERDUE = "test_overdue"
    CHASE_RESULT = "chase_result"
    GIVE_RESULT = "give_result"
    NEW_SAMPLE = "new_sample"
    SEE_AT_ONCE = "see_at_once"
    ASK_WEANING = "ask_weaning"
    RECORD_SAMPLE = "record_sample"
    CHECK_WITH_NURSE = "check_with_nurse"
    REFERRAL = "referral"
    MOOD = "mood"


class Urgency(StrEnum):
    """How soon a person must act. ``now`` escalates within minutes."""

    NOW = "now"
    TODAY = "today"
    SOON = "soon"


class TaskState(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class FollowUpMethod(StrEnum):
    """WHO HIV digital adaptation kit 2023, HIV.H: contact method."""

    HOME_VISIT = "home_visit"
    TEXT = "text_message"
    PHONE = "phone"


class FollowUpOutcome(StrEnum):
    """WHO HIV digital adaptation kit 2023, HIV.H: outcome of the contact."""

    RETURNING = "returning_to_clinic"
    TRANSFERRED = "self_transferred_out"
    HOSPITALISED = "hospitalised"
    REFUSED = "refused_to_return"
    NOT_LOCATED = "not_located"
    DIED = "died"
    MOVED = "moved_from_catchment"
    DONE = "done"


class FollowUpReason(StrEnum):
    """WHO HIV digital adaptation kit 2023, HIV.H: reason for follow-up."""

    MISSED_VISIT = "missed_care_visit"
    MISSED_PICKUP = "missed_medication_pickup"
    NOT_STARTED = "did_not_initiate_art"
    INCOMPLETE_VISIT = "incomplete_visit"
    INCONCLUSIVE = "inconclusive_hiv_status"
    RESULTS_RECEIVED = "test_results_received"
    OTHER = "other"


class InformationSource(StrEnum):
    """WHO HIV digital adaptation kit 2023, HIV.H: who told what became of her."""

    CLIENT = "client"
    TREATMENT_PROVIDER = "treatment_provider"
    FAMILY = "family_or_partner"
    OTHER = "other"


class Trouble(StrEnum):
    """WHO HIV digital adaptation kit 2023: reasons for adherence trouble."""

    FORGOT = "forgot"
    SIDE_EFFECTS = "side_effects"
    BUSY = "busy"
    CHANGE_OF_ROUTINE = "change_of_routine"
    TRAVEL_COST = "travel_cost"
    DISTANCE = "distance"
    RAN_OUT = "ran_out"
    STOCK_OUT = "stock_out"
    TOO_ILL = "too_ill"
    PILL_BURDEN = "pill_burden"
    FELT_WELL = "felt_well"
    DEPRESSION = "depression"
    ALCOHOL = "alcohol"
    SUBSTANCE_USE = "substance_use"
    STIGMA = "stigma_or_disclosure"
    LACK_OF_FOOD = "lack_of_food"
    OTHER = "other"


class TaskFact(StrEnum):
    """What happened to a task, kept for ever in the order in which it was recorded."""

    OPENED = "opened"
    ASKED_AGAIN = "asked_again"
    ACKNOWLEDGED = "acknowledged"
    TRIED = "tried"
    REASSIGNED = "reassigned"
    PASSED_ON = "passed_on"
    ESCALATED = "escalated"
    CLOSED = "closed"


AFTER_A_MISS: Final = frozenset(
    {
        TaskKind.MISSED_VISIT,
        TaskKind.CALL_MISSED,
        TaskKind.HOME_VISIT,
        TaskKind.TAKE_OVER,
        TaskKind.INTERRUPTION,
    }
)
"""What people do about a missed visit; all of it is settled when she comes."""

_REASONS: Final[Mapping[TaskKind, FollowUpReason]] = {
    **dict.fromkeys(AFTER_A_MISS, FollowUpReason.MISSED_VISIT),
    TaskKind.TEST_OVERDUE: FollowUpReason.INCOMPLETE_VISIT,
    TaskKind.NEW_SAMPLE: FollowUpReason.INCONCLUSIVE,
    TaskKind.GIVE_RESULT: FollowUpReason.RESULTS_RECEIVED,
    TaskKind.SEE_AT_ONCE: FollowUpReason.NOT_STARTED,
}


def usual_reason(kind: TaskKind, visit: VisitKind | None) -> FollowUpReason:
    """Why somebody is followed up by such a task, unless a person says otherwise."""
    if kind in AFTER_A_MISS and visit is VisitKind.REFILL:
        return FollowUpReason.MISSED_PICKUP
    return _REASONS.get(kind, FollowUpReason.OTHER)
