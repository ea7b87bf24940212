"""What a client's answer causes, whichever way it came: values that ``carry_out`` turns into writes.

An effect names what she asked for and nothing about who she is: the caller is known from the phone.
Every effect may come from a number that nobody knows; what that means is for ``carry_out`` to decide.
"""

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from uuid import UUID

from service.domain.hours import PartOfDay
from service.domain.people import Choice
from service.domain.staff_effects import StaffEffect


class Patient(StrEnum):
    """Who is not well: the caller herself or her baby."""

    HERSELF = "herself"
    BABY = "baby"


class DangerSigns(StrEnum):
    """The list of signs to which she said yes, which is as much as she is asked before the advice.

    The lists follow the WHO's danger signs for pregnancy, after birth and the young infant
    (WHO, Pregnancy, Childbirth, Postpartum and Newborn Care; Integrated Management of Childhood Illness).
    """

    MOTHER_FIRST = "mother_first"
    MOTHER_SECOND = "mother_second"
    BABY_FIRST = "baby_first"
    BABY_SECOND = "baby_second"


@dataclass(frozen=True)
class ConfirmVisit:
    """She will come."""

    visit_id: UUID


@dataclass(frozen=True)
class AskNewDay:
    """The date does not suit her. ``day`` is the one she would like, ``None`` if no offered one does.

    The visit keeps its date until her Mentor Mother has agreed to another.
    """

    visit_id: UUID
    day: date | None


@dataclass(frozen=True)
class DeclineInvitation:
    """She cannot come to the event to which she is invited."""

    visit_id: UUID


@dataclass(frozen=True)
class AskForCall:
    """Somebody at this number would like to be called."""


@dataclass(frozen=True)
class SaysAttended:
    """She says that she came, herself or with the baby. Staff verify it."""

    who: Patient


@dataclass(frozen=True)
class NotWell:
    """She began to say that somebody is not well.

    Caused before she is asked about danger signs, so that a session that drops there still leads to a call.
    A ``ReportDanger`` of the same session makes it urgent.
    """

    who: Patient


@dataclass(frozen=True)
class ReportDanger:
    """She said yes to a list of danger signs. The advice is already on her screen."""

    who: Patient
    signs: DangerSigns


@dataclass(frozen=True)
class SetLanguage:
    """``language`` is the name of a texts file (``en``, ``st``)."""

    language: str


@dataclass(frozen=True)
class SetSafeTimes:
    """Texts and calls in this part of the day only; the days of the week stay as they are."""

    part: PartOfDay


@dataclass(frozen=True)
class StopMessages:
    """No more texts to this number, from now on."""


@dataclass(frozen=True)
class StartMessages:
    """Texts may come again after she had stopped them."""


class Outcome(StrEnum):
    """What came of an effect, as far as the screen that follows may say it."""

    DONE = "done"
    PIN_TAKEN = "pin_taken"
    # at the desk of a Mentor Mother
    TRIED = "tried"
    REMINDED = "reminded"
    STOPPED = "stopped"
    UNCONFIRMED = "unconfirmed"
    NO_DATE = "no_date"
    NOT_NOW = "not_now"
    DATE_TAKEN = "date_taken"
    NAME_TAKEN = "name_taken"
    NOT_HERS = "not_hers"
    NOT_THAT_DAY = "not_that_day"
    PIN = "pin"
    ENROLLED = "enrolled"  # followed by the client's code
    DAY_CLOSED = "day_closed"  # followed by how many were missed


@dataclass(frozen=True)
class Register:
    """Whoever calls would like to be a client. Staff verify it before anything else follows."""

    nickname: str = field(repr=False)
    pin: str = field(repr=False)


class AwayFor(StrEnum):
    """How long she is going away, which decides between an early supply and another place of care."""

    WEEKS = "weeks"
    MONTHS = "months"
    LONGER = "longer"


@dataclass(frozen=True)
class RunningOut:
    """What she was given is running out."""


@dataclass(frozen=True)
class GoingAway:
    how_long: AwayFor


@dataclass(frozen=True)
class SideEffects:
    """Something troubles her body. Caused before she is asked about danger signs, as ``NotWell`` is."""


@dataclass(frozen=True)
class ReportBirth:
    """A baby of hers was born. Staff verify the baby; that she has given birth is known from now on."""

    nickname: str = field(repr=False)
    born_on: date


@dataclass(frozen=True)
class ReportWeaning:
    """The local day of the last breast."""

    infant_id: UUID
    day: date


@dataclass(frozen=True)
class StopBabyTexts:
    """Nothing more about a baby, born or not; she need not say why, and somebody calls her."""


@dataclass(frozen=True)
class TellMood:
    """``score`` is the sum of the PHQ-2, 0 to 6."""

    score: int


@dataclass(frozen=True)
class AskSafeCall:
    """She is not safe at home. ``code_word`` is the word she chose just now, if she had none."""

    code_word: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class SetNickname:
    nickname: str = field(repr=False)


@dataclass(frozen=True)
class SetNumber:
    """``number`` (E.164) replaces the one from which she calls, which is silent from now on."""

    number: str = field(repr=False)


@dataclass(frozen=True)
class Wish:
    """She would like this from now on, at a local hour of hers if she named one."""

    choice: Choice
    at: time | None = None


@dataclass(frozen=True)
class EndWish:
    """She would like none of these any more."""

    choices: tuple[Choice, ...]


HersAlone = (
    RunningOut
    | GoingAway
    | SideEffects
    | ReportBirth
    | ReportWeaning
    | StopBabyTexts
    | TellMood
    | AskSafeCall
    | SetNickname
    | SetNumber
    | Wish
    | EndWish
)
"""What only the client whose PIN was typed can cause."""

InFrontOfTheDoor = (
    ConfirmVisit
    | AskNewDay
    | DeclineInvitation
    | AskForCall
    | SaysAttended
    | NotWell
    | ReportDanger
    | SetLanguage
    | SetSafeTimes
    | StopMessages
    | StartMessages
)
"""What anybody can cause, known or not."""

Effect = InFrontOfTheDoor | Register | HersAlone | StaffEffect
