"""Who the service knows: clients, infants, staff and the supporters whom a client names."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum


class PersonKind(StrEnum):
    CLIENT = "client"
    INFANT = "infant"
    STAFF = "staff"
    SUPPORTER = "supporter"


class ClientKind(StrEnum):
    PREGNANT = "pregnant"
    BREASTFEEDING = "breastfeeding"
    ART = "art"
    PREP = "prep"
    AGYW = "agyw"
    CHILD = "child"
    OTHER = "other"


class ClientState(StrEnum):
    """Where a client stands with the programme. Only ``active`` clients get reminders."""

    PENDING = "pending"
    ACTIVE = "active"
    MUTED = "muted"
    TRANSFERRED = "transferred"
    ENDED = "ended"
    DIED = "died"


class Wording(StrEnum):
    """How much a text may say to this client. T0 is neutral and the default."""

    T0 = "T0"
    T1 = "T1"
    NONE = "none"


class PhoneOwner(StrEnum):
    OWN = "own"
    SHARED = "shared"
    OTHER = "other"


class ConsentChannel(StrEnum):
    SMS = "sms"
    CALL = "call"
    VISIT = "visit"


class Choice(StrEnum):
    """What a client may wish for, each with a yes of its own."""

    WEEKLY_CHECK_IN = "weekly_check_in"
    MONTHLY_CHECK_IN = "monthly_check_in"
    CODED_REMINDER = "coded_reminder"
    CUT_OFF = "cut_off"
    """A text after a call that was cut off, which says that she can dial again."""


class EnrolledThrough(StrEnum):
    FACILITY = "facility"
    COMMUNITY = "community"
    USSD = "ussd"
    SMS = "sms"
    CALL = "call"
    WHATSAPP = "whatsapp"


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"


class InfantRisk(StrEnum):
    LOW = "low"
    HIGH = "high"


class Feeding(StrEnum):
    BREAST = "breast"
    MIXED = "mixed"
    FORMULA = "formula"


class Role(StrEnum):
    MENTOR = "mentor"
    COORDINATOR = "coordinator"
    ME = "me"
    ADMIN = "admin"
    AUDITOR = "auditor"


class ActorKind(StrEnum):
    STAFF = "staff"
    CLIENT = "client"
    CALLER = "caller"
    GATEWAY = "gateway"
    API = "api"
    OPERATOR = "operator"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """Who caused a write: ``name`` is an id or a job's name, never a person's name or number."""

    kind: ActorKind
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else str(self.kind)


SYSTEM = Actor(ActorKind.SYSTEM)
OPERATOR = Actor(ActorKind.OPERATOR)


@dataclass(frozen=True)
class SafeTimes:
    """The local days and hours in which a text or call may reach a person.

    ``days`` are ISO weekdays (Monday is 1). ``starts`` is included, ``ends`` is not.
    """

    starts: time
    ends: time
    days: frozenset[int]
