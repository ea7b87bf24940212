"""What a Mentor Mother's answers cause, behind her PIN.

Clients go by their code. Whether she may act for one is for whoever carries it out to decide.
"""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from service.domain.cascade import Result
from service.domain.hours import PartOfDay
from service.domain.people import ClientKind, ConsentChannel, PhoneOwner, Wording
from service.domain.safety import LossKind
from service.domain.tasks import FollowUpMethod, FollowUpOutcome, Trouble


@dataclass(frozen=True)
class TakeTask:
    """ "I have it." """

    task_id: UUID


@dataclass(frozen=True)
class CloseCall:
    """Somebody whom nobody knows was called."""

    task_id: UUID


@dataclass(frozen=True)
class MarkVisit:
    """Whether she came; ``why`` not, as far as it is known."""

    visit_id: UUID
    came: bool
    why: Trouble | None = None


@dataclass(frozen=True)
class SetDate:
    """Her next date: the nearest one to come moves, or a new visit of the kind of her last one is planned."""

    code: str
    day: date


@dataclass(frozen=True)
class SendReminder:
    code: str


@dataclass(frozen=True)
class NoteContact:
    """She was sought. Without an ``outcome`` she was not reached; ``task_id`` is the task behind it."""

    code: str
    method: FollowUpMethod
    outcome: FollowUpOutcome | None
    task_id: UUID | None = None


@dataclass(frozen=True)
class CloseDay:
    """Whoever was expected at a site on this local day and is not marked was missed."""

    site_id: UUID
    day: date


@dataclass(frozen=True)
class Enrol:
    """A new client, as far as a phone asks. ``number`` is E.164."""

    number: str = field(repr=False)
    nickname: str = field(repr=False)
    kind: ClientKind
    language: str
    owner: PhoneOwner
    consents: frozenset[ConsentChannel]
    wording: Wording
    hours: PartOfDay


@dataclass(frozen=True)
class AddBaby:
    code: str
    nickname: str = field(repr=False)
    born_on: date


@dataclass(frozen=True)
class NoteWeaning:
    """The local day of the last breast."""

    infant_id: UUID
    day: date


@dataclass(frozen=True)
class NoteSample:
    infant_id: UUID
    day: date


@dataclass(frozen=True)
class NoteResult:
    """Of the last sample without one. It is entered here and never shown."""

    infant_id: UUID
    result: Result = field(repr=False)


@dataclass(frozen=True)
class NoteLoss:
    code: str
    kind: LossKind
    infant_id: UUID | None = None


@dataclass(frozen=True)
class OfferTransfer:
    code: str
    site_id: UUID


@dataclass(frozen=True)
class NoteWrongNumber:
    code: str


@dataclass(frozen=True)
class NoteDisclosure:
    """Something about her became known to somebody whom it does not concern."""

    code: str


@dataclass(frozen=True)
class LetChoosePin:
    code: str


@dataclass(frozen=True)
class Verify:
    """A person has spoken to whoever took herself in."""

    code: str


@dataclass(frozen=True)
class VerifyBaby:
    infant_id: UUID


@dataclass(frozen=True)
class TextsAgain:
    """Her own care, and that of her other children, may be spoken of again after a loss."""

    code: str


@dataclass(frozen=True)
class GoOnLeave:
    """Away from today until a local day, that day included; ``stand_in`` acts for her, or whoever may."""

    until: date
    stand_in: UUID | None


AboutTask = TakeTask | CloseCall | NoteContact
AboutVisits = MarkVisit | SetDate | SendReminder | CloseDay
AboutBaby = AddBaby | NoteWeaning | NoteSample | NoteResult | VerifyBaby
AboutClient = (
    Enrol | NoteLoss | OfferTransfer | NoteWrongNumber | NoteDisclosure | LetChoosePin | Verify | TextsAgain
)

StaffEffect = AboutTask | AboutVisits | AboutBaby | AboutClient | GoOnLeave
