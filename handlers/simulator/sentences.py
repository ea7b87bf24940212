"""The lines of the log as a person reads them: what happened, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, assert_never
from uuid import UUID
from zoneinfo import ZoneInfo

from handlers.staff.shown import of_hers
from handlers.staff.titles import titled
from handlers.staff.words import words_in
from service.domain.care import VisitFact
from service.domain.ledger import LedgerState
from service.domain.message import MessageState
from service.domain.reason import Reason
from service.reports.log import (
    Agreed,
    ContactNoted,
    Dialled,
    Line,
    ReminderEnded,
    TaskChanged,
    TextHeard,
    TextPut,
    VisitNoted,
)

_ENGLISH: Final = words_in("en")
"""What the pages of staff call things, so that this page calls them the same."""

WHY: Final[Mapping[str, str]] = {
    Reason.NO_PHONE: "she has no number",
    Reason.NUMBER_SUSPENDED: "the number is suspended",
    Reason.NUMBER_NOT_CONFIRMED: "nobody has answered from this number yet",
    Reason.DESTINATION_NOT_ALLOWED: "texts to such numbers are not allowed",
    Reason.OPTED_OUT: "she said stop",
    Reason.WORDING_NONE: "she chose to get no texts",
    Reason.NO_CONSENT: "she did not agree to texts",
    Reason.ATTENDED: "she came",
    Reason.MISSED: "the visit was missed",
    Reason.MOVED: "the date moved",
    Reason.CANCELLED_VISIT: "the visit was cancelled",
    Reason.MISS_NOT_RECORDED: "nobody wrote down that she missed it",
    Reason.NOT_TRUE_ANY_MORE: "its words would not be true",
    Reason.SHORT_INTERVAL: "only for visits 84 days or more apart",
    Reason.SWITCHED_OFF: "the site has switched it off",
    Reason.ANSWERED: "she has answered",
    Reason.NOT_ASKED: "what it follows never went out",
    Reason.OVERTAKEN: "something else has happened since",
    Reason.MERGED: "another text goes to her that day",
    Reason.TOO_LATE: "it would have come too late",
    Reason.DUPLICATE: "it had gone already",
    Reason.GATED_WORD: "a word in it could disclose something",
    Reason.NO_SAFE_TIME: "there is no hour at which a text may reach her",
    Reason.OUTSIDE_HOURS: "it is outside her hours",
    Reason.DAILY_CAP: "she had a text today",
    Reason.WEEKLY_CAP: "she had enough texts this week",
    Reason.PAUSED: "sending is paused",
    Reason.SITE_NOT_ACTIVATED: "the site is not activated",
}

_ENDS: Final[Mapping[LedgerState, str]] = {
    LedgerState.DELIVERED: "delivered",
    LedgerState.SENT_NO_RECEIPT: "sent, and never heard of again",
    LedgerState.UNKNOWN: "nobody knows whether it left",
    LedgerState.FAILED: "failed",
    LedgerState.SUPPRESSED: "not sent",
    LedgerState.HANDED_TO_PERSON: "given to a person",
}

STATES: Final[Mapping[str, str]] = {
    MessageState.QUEUED: "waiting",
    MessageState.CLAIMED: "about to leave",
    MessageState.SENDING: "leaving",
    MessageState.ACCEPTED: "taken by the gateway",
    MessageState.SENT: "on its way",
    MessageState.BUFFERED: "waiting for her phone",
    MessageState.CANCELLED: "not sent",
    MessageState.UNKNOWN: "nobody knows whether it left",
}

_FACTS: Final[Mapping[VisitFact, str]] = {
    VisitFact.PLANNED: "planned",
    VisitFact.MOVED: "moved to this day",
    VisitFact.CONFIRMED: "confirmed; she says she will come",
    VisitFact.CHANGE_ASKED: "she asks for another day",
    VisitFact.SAYS_ATTENDED: "she says she came",
    VisitFact.ATTENDED: "she came",
    VisitFact.MISSED: "she did not come",
    VisitFact.NOT_KNOWN: "nobody wrote down whether she came",
    VisitFact.INVITED: "she is invited",
    VisitFact.DECLINED: "she cannot come",
    VisitFact.CANCELLED: "cancelled",
    VisitFact.REOPENED: "open again",
}


@dataclass(frozen=True)
class Sentence:
    """``what`` is the kind of thing, ``text`` what happened, ``why`` the reason where there is one.

    ``day`` and ``clock`` are local.
    """

    day: str
    clock: str
    what: str
    text: str
    why: str = ""


@dataclass(frozen=True)
class Teller:
    """Tells lines in local time. ``names`` says whose a phone is."""

    zone: ZoneInfo
    names: Mapping[UUID | None, str]

    def tell(self, line: Line) -> Sentence:
        what, text, why = self._told(line)
        local = line.at.astimezone(self.zone)
        return Sentence(day(local), f"{local:%H:%M}", what, text, why)

    def moment(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        return f"{day(local)}, {local:%H:%M}"

    def _told(self, line: Line) -> tuple[str, str, str]:  # noqa: C901, PLR0911 - one case for each kind of line
        match line:
            case ReminderEnded():
                return (
                    "Reminder",
                    f"{about(line.step, line.speaks_of)}: {_ENDS[line.state]}",
                    why(line.reason),
                )
            case TextPut():
                return "Text", self._text(line), why(line.reason)
            case TaskChanged():
                return "Task", self._task(line), f"“{of_hers(_ENGLISH, line.note)}”" if line.note else ""
            case TextHeard():
                return "Heard", f"a text from {self._name(line.phone_id)}", _meaning(line.meaning)
            case VisitNoted():
                return "Visit", f"{day(line.day)}: {_FACTS[line.fact]}", ""
            case Dialled():
                return "Dialled", _dialogue(line), ""
            case Agreed():
                return "Consent", f"{'yes' if line.given else 'no'} to texts", f"through {line.through}"
            case ContactNoted():
                return "Contact", f"counted as a two-way contact by {words(line.mode)}", ""
            case _:
                assert_never(line)

    def _text(self, line: TextPut) -> str:
        reminds = line.step and line.step != line.text_id
        carries = f", for the reminder {_ENGLISH.of('step', line.step)}" if reminds else ""
        state = STATES.get(line.state, words(line.state))
        return f"“{titled(_ENGLISH, line.text_id)}” to {self._name(line.phone_id)}{carries}: {state}"

    def _task(self, line: TaskChanged) -> str:
        about = f"{words(line.kind)}: {words(line.event)}"
        return f"{about}, to do by {self.moment(line.due_at)}" if line.event == "opened" else about

    def _name(self, phone_id: UUID | None) -> str:
        return self.names.get(phone_id, "an unknown phone")


def day(local: date) -> str:
    return f"{local:%a %-d %b}"


def about(step: str, speaks_of: date) -> str:
    return f"{_ENGLISH.of('step', step)}, for {day(speaks_of)}"


def why(reason: str | None) -> str:
    return WHY.get(reason, words(reason)) if reason else ""


def words(name: str) -> str:
    return name.replace("_", " ")


def _meaning(meaning: str | None) -> str:
    if meaning == "unrecognised":
        return "only a person can understand it"
    return f"taken for “{words(meaning)}”" if meaning else ""


def _dialogue(line: Dialled) -> str:
    screens = "1 screen" if line.turns == 1 else f"{line.turns} screens"
    return f"{screens}, the last was “{words(line.screen)}”"
