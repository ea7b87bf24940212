"""The log in words."""

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from handlers.simulator.sentences import Sentence, Teller, why
from service.domain.care import ContactMode, VisitFact, VisitKind
from service.domain.ledger import STILL_TO_COME, LedgerState
from service.domain.message import MessageState
from service.domain.reason import Reason
from service.domain.tasks import TaskKind, Urgency
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

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 16, tzinfo=UTC)
DAY = date(2026, 11, 30)
HERS, NOBODYS = UUID(int=1), UUID(int=2)
TELLER = Teller(ZoneInfo("Africa/Maseru"), {HERS: "Palesa"})


@pytest.mark.parametrize(
    ("line", "text", "reason"),
    [
        (
            ReminderEnded(AT, "visit_d7", DAY, LedgerState.SUPPRESSED, Reason.NO_CONSENT),
            "a week before, for Mon 30 Nov: not sent",
            "she did not agree to texts",
        ),
        (
            ReminderEnded(AT, "visit_d7", DAY, LedgerState.DELIVERED, None),
            "a week before, for Mon 30 Nov: delivered",
            "",
        ),
        (
            TextPut(AT, "visit_d7", "visit_d7", HERS, MessageState.QUEUED, None),
            "“Ahead of her visit” to Palesa: waiting",
            "",
        ),
        (
            TextPut(AT, "visit_d7", "visit_d1", HERS, MessageState.FAILED, "bad_number"),
            "“Ahead of her visit” to Palesa, for the reminder the day before: failed",
            "bad number",
        ),
        (
            TaskChanged(AT, "opened", TaskKind.CALL_ME, Urgency.TODAY, LATER, None),
            "call me: opened, to do by Mon 23 Nov, 18:00",
            "",
        ),
        (
            TaskChanged(AT, "closed", TaskKind.READ_MESSAGE, Urgency.TODAY, LATER, "Lumela"),
            "read message: closed",
            "“Lumela”",
        ),
        (
            TaskChanged(AT, "closed", TaskKind.DANGER, Urgency.NOW, LATER, "herself: mother_first"),
            "danger: closed",
            "“Herself: a sign of the first list for mothers”",
        ),
        (TextHeard(AT, HERS, "call_me"), "a text from Palesa", "taken for “call me”"),
        (
            TextHeard(AT, NOBODYS, "unrecognised"),
            "a text from an unknown phone",
            "only a person can understand it",
        ),
        (VisitNoted(AT, VisitFact.MISSED, VisitKind.ANC, DAY), "Mon 30 Nov: she did not come", ""),
        (Dialled(AT, 1, "home", None), "1 screen, the last was “home”", ""),
        (Dialled(AT, 3, "date_confirmed", True), "3 screens, the last was “date confirmed”", ""),
        (Agreed(AT, given=False, through="stop"), "no to texts", "through stop"),
        (ContactNoted(AT, ContactMode.USSD), "counted as a two-way contact by ussd", ""),
    ],
)
def test_a_line_says_what_happened_and_why(line: Line, text: str, reason: str) -> None:
    told = TELLER.tell(line)
    assert (told.text, told.why) == (text, reason)


def test_times_are_local() -> None:
    assert TELLER.tell(Agreed(AT, given=True, through="sms")) == Sentence(
        "Mon 23 Nov", "10:00", "Consent", "yes to texts", "through sms"
    )


@pytest.mark.parametrize("end", sorted(set(LedgerState) - STILL_TO_COME))
def test_every_end_of_a_reminder_has_words(end: LedgerState) -> None:
    assert "_" not in TELLER.tell(ReminderEnded(AT, "step", DAY, end, None)).text


@pytest.mark.parametrize("fact", VisitFact)
def test_every_fact_about_a_visit_has_words(fact: VisitFact) -> None:
    assert "_" not in TELLER.tell(VisitNoted(AT, fact, VisitKind.ANC, DAY)).text


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words(reason: Reason) -> None:
    assert "_" not in why(reason)
