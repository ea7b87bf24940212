"""What is known of a text, of the one it is for, and of the service, when it is asked whether it may go."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from service.domain.care import VisitState
from service.domain.hours import Calendar
from service.domain.message import MessageClass
from service.domain.people import ClientState, SafeTimes, Wording


class Acknowledgement(StrEnum):
    """The one text that may still follow what silences a number."""

    STOP = "stop"
    WRONG_NUMBER = "wrong_number"


@dataclass(frozen=True)
class AboutVisit:
    """A visit as it was when the text was planned, and as it is now.

    ``planned_day`` and ``day`` are local. ``of_a_miss``: the text says that she did not come.
    ``a_person_first``: a person must speak with the mother before anything is said of this child.
    """

    planned_day: date
    day: date
    state: VisitState
    of_a_miss: bool
    a_person_first: bool = False


@dataclass(frozen=True)
class MessageFacts:
    """A text that wants to leave.

    ``not_after`` is the last useful moment. ``answers`` is when her own message came, if this is the answer.
    ``true_on`` is the only local day on which its words are true (a text that says "tomorrow").
    ``gated``: the word gate found a hit in the rendered text. ``wording`` is how much the text tells.
    """

    message_class: MessageClass
    not_after: datetime | None = None
    answers: datetime | None = None
    acknowledges: Acknowledgement | None = None
    visit: AboutVisit | None = None
    true_on: date | None = None
    gated: bool = False
    wording: Wording = Wording.T0


@dataclass(frozen=True)
class RecipientFacts:
    """Whom the text is for, and on which number.

    ``state`` and ``wording`` are ``None`` for whoever is no client (staff, an unknown caller); ``wording`` is
    the most that a text may tell her at this number now. ``safe`` are her own hours. ``recent`` is when texts
    of the ``CAPPED`` classes went to her in the last seven days, ``dated_ahead`` the local days of the coming
    week on which a dated reminder is planned for her.
    """

    has_phone: bool
    destination_allowed: bool
    suspended: bool
    confirmed: bool
    opted_out: bool
    consents: bool
    state: ClientState | None
    wording: Wording | None
    safe: SafeTimes | None
    recent: tuple[datetime, ...]
    dated_ahead: tuple[date, ...] = ()


@dataclass(frozen=True)
class InstanceFacts:
    """The service as a whole. ``paused`` is any pause that covers this text (all, its site, plan or gateway).

    ``text_cap`` is the most texts in a local day, 0 for no cap; ``texts_today`` those that went.
    ``spent_out``: the providers have been paid as much today as may be spent in a day.
    """

    calendar: Calendar
    site_activated: bool
    paused: bool
    texts_today: int
    text_cap: int
    spent_out: bool
