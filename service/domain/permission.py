"""Whether one text may go to one phone now. Asked when a reminder falls due, and again inside the claim."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from service.domain import hours
from service.domain.care import VisitState
from service.domain.hours import Calendar
from service.domain.message import MessageClass
from service.domain.people import ClientState, Wording
from service.domain.permission_facts import Acknowledgement, InstanceFacts, MessageFacts, RecipientFacts
from service.domain.reason import Reason


@dataclass(frozen=True)
class Go:
    pass


@dataclass(frozen=True)
class Wait:
    """Not yet. ``until`` (UTC) is when to ask again; ``None`` when only a person can tell."""

    until: datetime | None
    reason: Reason


@dataclass(frozen=True)
class Stop:
    """Never, for this text."""

    reason: Reason


Permission = Go | Wait | Stop

CAPPED: Final = frozenset({MessageClass.R1, MessageClass.R2, MessageClass.B})
"""The classes that count towards a person's caps; what she asked for and what is urgent do not."""

DAILY_CAP: Final = 1
WEEKLY_CAP: Final = 3
ANSWER_WINDOW: Final = timedelta(minutes=10)
"""How long after her own message an answer may ignore the hour: she has the phone in her hand."""


@dataclass(frozen=True)
class _Case:
    message: MessageFacts
    recipient: RecipientFacts
    instance: InstanceFacts
    now: datetime

    @property
    def kind(self) -> MessageClass:
        return self.message.message_class

    @property
    def unasked(self) -> bool:
        """She did nothing to cause this text, so it needs her consent and a number known to be hers."""
        return self.kind in CAPPED or (self.kind is MessageClass.U and self.message.answers is None)

    @property
    def answers_danger(self) -> bool:
        """Whoever writes of danger is told what to do, whatever she or anybody else had stopped before."""
        return self.kind is MessageClass.U and self.message.answers is not None

    @property
    def urgent(self) -> bool:
        """No hour and no cap may hold it: an alert to staff, or an answer about danger."""
        return self.kind is MessageClass.S or self.answers_danger

    @property
    def any_hour(self) -> bool:
        answers = self.message.answers
        at_once = answers is not None and self.now - answers <= ANSWER_WINDOW
        return self.urgent or (self.kind is MessageClass.A and at_once)

    @property
    def gives_way_on(self) -> tuple[date, ...]:
        """The days of dated reminders for which a mere nudge leaves room."""
        return self.recipient.dated_ahead if self.kind is MessageClass.R1 else ()

    @property
    def calendar(self) -> Calendar:
        return hours.narrowed(self.instance.calendar, self.recipient.safe)

    @property
    def today(self) -> date:
        return hours.local_day(self.now, self.instance.calendar.zone)


def permit(
    message: MessageFacts, recipient: RecipientFacts, instance: InstanceFacts, now: datetime
) -> Permission:
    """Go, or the first thing that stands in the way: what stops a text for good comes before what delays it.

    A wait that would outlast the text's last useful moment is a stop for the same reason.
    """
    case = _Case(message, recipient, instance, now)
    for stops in _STOPS:
        if reason := stops(case):
            return Stop(reason)
    for waits in _WAITS:
        if wait := waits(case):
            return _worth_it(wait, message.not_after)
    return Go()


def _worth_it(wait: Wait, not_after: datetime | None) -> Wait | Stop:
    if wait.until is not None and not_after is not None and wait.until > not_after:
        return Stop(wait.reason)
    return wait


def _number(case: _Case) -> Reason | None:
    recipient, last_word = case.recipient, case.message.acknowledges
    if not recipient.has_phone:
        return Reason.NO_PHONE
    if case.answers_danger:
        return None
    if recipient.opted_out and last_word is not Acknowledgement.STOP:
        return Reason.OPTED_OUT
    if recipient.suspended and last_word is not Acknowledgement.WRONG_NUMBER:
        return Reason.NUMBER_SUSPENDED
    return None


def _standing(case: _Case) -> Reason | None:
    state = case.recipient.state
    if state is ClientState.DIED:
        return None if case.answers_danger else Reason.DIED
    return _INACTIVE.get(state) if case.unasked and state else None


_INACTIVE: Final[dict[ClientState, Reason]] = {
    ClientState.PENDING: Reason.PENDING,
    ClientState.MUTED: Reason.MUTED,
    ClientState.TRANSFERRED: Reason.TRANSFERRED,
    ClientState.ENDED: Reason.ENDED,
}


def _agreement(case: _Case) -> Reason | None:
    if case.recipient.wording is Wording.NONE and case.message.answers is None:
        return Reason.WORDING_NONE
    if _tells_too_much(case):
        return Reason.TOO_TELLING
    if case.unasked and not case.recipient.consents:
        return Reason.NO_CONSENT
    return Reason.NUMBER_NOT_CONFIRMED if case.unasked and not case.recipient.confirmed else None


def _tells_too_much(case: _Case) -> bool:
    """What she did not ask for tells no more than she agreed to; who is no client agreed to nothing."""
    asked = case.message.answers is not None
    return case.message.wording is Wording.T1 and case.recipient.wording is not Wording.T1 and not asked


def _a_person_first(case: _Case) -> Reason | None:
    """Whoever reads the ledger learns no more from it than that the text was not needed any more."""
    visit = case.message.visit
    return Reason.OVERTAKEN if visit and visit.a_person_first else None


def _visit(case: _Case) -> Reason | None:
    visit = case.message.visit
    if visit is None:
        return None
    if visit.state in _SETTLED:
        return _SETTLED[visit.state]
    if visit.day != visit.planned_day:
        return Reason.MOVED
    if visit.of_a_miss and visit.state is not VisitState.MISSED:
        return Reason.MISS_NOT_RECORDED
    if visit.state is VisitState.MISSED and not visit.of_a_miss:
        return Reason.MISSED
    return None


_SETTLED: Final[dict[VisitState, Reason]] = {
    VisitState.ATTENDED: Reason.ATTENDED,
    VisitState.CANCELLED: Reason.CANCELLED_VISIT,
}


def _usefulness(case: _Case) -> Reason | None:
    if case.message.not_after is not None and case.now > case.message.not_after:
        return Reason.TOO_LATE
    if case.message.true_on not in (None, case.today):
        return Reason.NOT_TRUE_ANY_MORE
    return None


def _way_out(case: _Case) -> Reason | None:
    if case.message.gated:
        return Reason.GATED_WORD
    if not case.recipient.destination_allowed:
        return Reason.DESTINATION_NOT_ALLOWED
    if case.unasked and not case.instance.site_activated:
        return Reason.SITE_NOT_ACTIVATED
    return None


def _no_hour(case: _Case) -> Reason | None:
    return Reason.NO_SAFE_TIME if not case.any_hour and hours.is_never(case.calendar.safe) else None


_STOPS: Final[tuple[Callable[[_Case], Reason | None], ...]] = (
    _number,
    _standing,
    _agreement,
    _a_person_first,
    _visit,
    _usefulness,
    _way_out,
    _no_hour,
)
"""In this order, because the ledger shows the first reason."""


def _pause(case: _Case) -> Wait | None:
    """A number is asked once only whether it is hers, so the question waits until its site may send."""
    if case.instance.paused:
        return Wait(None, Reason.PAUSED)
    return None if case.instance.site_activated else Wait(None, Reason.SITE_NOT_ACTIVATED)


def _hour(case: _Case) -> Wait | None:
    if case.any_hour or hours.is_allowed(case.now, case.calendar):
        return None
    return Wait(hours.next_allowed(case.now, case.calendar), Reason.OUTSIDE_HOURS)


def _her_caps(case: _Case) -> Wait | None:
    if case.kind not in CAPPED:
        return None
    zone, recent = case.instance.calendar.zone, case.recipient.recent
    tomorrow = case.today + timedelta(days=1)
    if hours.count_since(case.today, recent, zone) >= DAILY_CAP or case.today in case.gives_way_on:
        return _from_day(tomorrow, Reason.DAILY_CAP, case)
    if hours.count_since(case.today - timedelta(days=6), recent, zone) >= WEEKLY_CAP:
        oldest = hours.local_day(sorted(recent)[-WEEKLY_CAP], zone)
        return _from_day(oldest + timedelta(days=7), Reason.WEEKLY_CAP, case)
    return _from_day(tomorrow, Reason.WEEKLY_CAP, case) if _crowds_out(case) else None


def _crowds_out(case: _Case) -> bool:
    """Whether a nudge that went today would leave no room for a dated reminder of the days to come."""
    zone, recent = case.instance.calendar.zone, case.recipient.recent
    return any(
        hours.count_since(day - timedelta(days=6), recent, zone)
        + sum(other <= day for other in case.gives_way_on)
        >= WEEKLY_CAP
        for day in case.gives_way_on
    )


def _instance_cap(case: _Case) -> Wait | None:
    if case.urgent:
        return None
    tomorrow = case.today + timedelta(days=1)
    if case.instance.spent_out:
        return _from_day(tomorrow, Reason.SPEND_CAP, case)
    cap = case.instance.text_cap
    return _from_day(tomorrow, Reason.INSTANCE_CAP, case) if 0 < cap <= case.instance.texts_today else None


def _from_day(day: date, reason: Reason, case: _Case) -> Wait:
    return Wait(hours.next_allowed_day(day, case.calendar), reason)


_WAITS: Final[tuple[Callable[[_Case], Wait | None], ...]] = (_pause, _hour, _her_caps, _instance_cap)
