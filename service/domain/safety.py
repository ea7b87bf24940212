"""Losses, transfers, doubts about a number, and what a supporter may be told."""

from enum import StrEnum


class LossKind(StrEnum):
    """What was lost. The reasons are kept apart, because different care follows from each.

    ``not_said``: she wants to hear nothing more about a baby, and a person will find out why.
    """

    PREGNANCY_LOSS = "pregnancy_loss"
    STILLBIRTH = "stillbirth"
    INFANT_DEATH = "infant_death"
    MATERNAL_DEATH = "maternal_death"
    NOT_SAID = "not_said"


class TransferState(StrEnum):
    """``offered`` until the receiving site answers; ``returned`` if it did not in time."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class Doubt(StrEnum):
    """Why a number that was known to be hers may be hers no longer.

    ``unanswered``: she was asked and did not answer, so that a person has to find out.
    """

    SILENT = "silent"
    NOT_DELIVERED = "not_delivered"
    UNANSWERED = "unanswered"


class SupporterText(StrEnum):
    """What a client lets her supporter be told."""

    DATE = "date"
