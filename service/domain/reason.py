"""The words in which the service says why a text did not go."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a text did not go, or not yet. Stored, and shown to staff in the ledger."""

    # the phone
    NO_PHONE = "no_phone"
    NUMBER_SUSPENDED = "number_suspended"
    NUMBER_NOT_CONFIRMED = "number_not_confirmed"
    NUMBER_CHANGED = "number_changed"
    DESTINATION_NOT_ALLOWED = "destination_not_allowed"
    # the person
    OPTED_OUT = "opted_out"
    WORDING_NONE = "wording_none"
    NO_CONSENT = "no_consent"
    PENDING = "pending"
    MUTED = "muted"
    TRANSFERRED = "transferred"
    ENDED = "ended"
    DIED = "died"
    LOSS = "loss"
    ERASED = "erased"
    # what the text is about
    ATTENDED = "attended"
    MISSED = "missed"
    MOVED = "moved"
    CANCELLED_VISIT = "cancelled_visit"
    MISS_NOT_RECORDED = "miss_not_recorded"
    NOT_TRUE_ANY_MORE = "not_true_any_more"
    SHORT_INTERVAL = "short_interval"
    SWITCHED_OFF = "switched_off"
    MERGED = "merged"
    ANSWERED = "answered"
    NOT_ASKED = "not_asked"  # it follows a question that never went out
    OVERTAKEN = "overtaken"
    # the text itself
    TOO_LATE = "too_late"
    EXPIRED = "expired"
    DUPLICATE = "duplicate"
    GATED_WORD = "gated_word"
    TOO_TELLING = "too_telling"
    # the hour
    NO_SAFE_TIME = "no_safe_time"
    OUTSIDE_HOURS = "outside_hours"
    DAILY_CAP = "daily_cap"
    WEEKLY_CAP = "weekly_cap"
    # the service
    NOT_DECIDED = "not_decided"
    PAUSED = "paused"
    DISCARDED = "discarded"
    SITE_NOT_ACTIVATED = "site_not_activated"
    INSTANCE_CAP = "instance_cap"
    SPEND_CAP = "spend_cap"
    DEMO = "demo"
    RESTORED = "restored"  # it may have gone already, after the backup that was restored
