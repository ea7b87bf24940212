"""What a person is asked to do."""

from enum import StrEnum


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
