"""Whatever can happen to women, visits, texts and workers, in any order; after every step all must hold."""

import atexit
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache, partial
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import UUID

from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select, update

from handlers import sms
from scheduler import housekeeping, ladder
from scheduler.dispatcher import ACTOR
from service.actions import deliver, pause, route, visits
from service.domain.care import VisitKind, VisitState
from service.domain.hours import local_day
from service.domain.ledger import LedgerState
from service.domain.message import (
    Accepted,
    Hurdle,
    MessageClass,
    MessageState,
    Refusal,
    Refused,
    SendResult,
    TryLater,
    Unknown,
)
from service.domain.people import OPERATOR
from service.domain.phone import Phone
from service.ports import Cumulative, OutgoingText, ReceiptReceived, TextReceived, UssdTurn
from service.store import database
from service.store.models.care import Visit
from service.store.models.messages import Attempt, LedgerEntry, Message
from service.store.store import Store
from service.store.transaction import Transaction
from tests.compiled import compile_once
from tests.resilience.fuzz import POLITE
from tests.resilience.memory import fast_folder
from tests.resilience.notebook import UNASKED, Handed, Notebook, Woman
from tests.resilience.outcome import Figures, Outcome, judged
from tests.worker.village import MASERU, MONDAY, Answering, at, open_village

STEPS: Final = 50
PROCESSES: Final = 2
MOST_WOMEN: Final = 3

RESULTS: Final[tuple[SendResult | None, ...]] = (
    None,  # accepted
    None,
    None,
    Refused(Refusal.BAD_NUMBER),
    Refused(Refusal.OPTED_OUT),
    Refused(Refusal.REJECTED),
    TryLater(Hurdle.BUSY),
    TryLater(Hurdle.PROVIDER_DOWN, timedelta(minutes=1)),
    TryLater(Hurdle.NOT_CONNECTED),
    TryLater(Hurdle.NO_CREDIT),
    Unknown("reset"),
    Unknown("time-out"),
)
OUTCOMES: Final = (VisitState.ATTENDED, VisitState.MISSED, VisitState.MISSED, VisitState.CANCELLED)
REPORTED: Final = (
    MessageState.SENT,
    MessageState.BUFFERED,
    MessageState.DELIVERED,
    MessageState.DELIVERED,
    MessageState.UNDELIVERED,
    MessageState.EXPIRED,
    None,
)
STOPS, STARTS, YES, WRONG = "stop", "start", "1", "wrong"
SAID: Final = (YES, "2", "3", "help", "Ke teng", "", "2", "3", STARTS, STARTS, STOPS, "I am bleeding", WRONG)
JUMPS: Final = (
    timedelta(seconds=30),
    timedelta(minutes=6),
    timedelta(minutes=20),
    timedelta(hours=1),
    timedelta(hours=5),
    timedelta(days=1),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(hours=-1),
    timedelta(days=-1),
)
which = st.integers(0, 11)
ahead = st.sampled_from((1, 1, 2, 2, 3, 8, 15, 0, -1))
answers = st.lists(st.sampled_from(RESULTS), max_size=6)
MONDAY_AT_NINE: Final = at(MONDAY, "09:00")


class Provider(Answering):
    """Hands every text to the notebook, and answers as told."""

    def __init__(self) -> None:
        super().__init__()
        self.taking: Callable[[OutgoingText, bool], None] = lambda _, __: None

    def send(self, message: OutgoingText) -> SendResult:
        result = super().send(message)
        self.taking(message, isinstance(result, Accepted | Unknown))
        return result


class Life(RuleBasedStateMachine):
    """One small village, from its first day."""

    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self._beside = ExitStack()
        folder = self._beside.enter_context(TemporaryDirectory(dir=fast_folder()))
        shutil.copyfile(_template(), f"{folder}/life.db")
        self.url = f"sqlite:///{folder}/life.db"
        self.provider = Provider()
        village = self._beside.enter_context(open_village(self.url))
        self.village = replace(
            village, parts=replace(village.parts, gateways={"fake": self.provider}), gateway=self.provider
        )
        self.provider.taking = self._handed
        self.notebook = Notebook()
        self._numbers = count(1)

    def teardown(self) -> None:
        self._beside.close()

    @property
    def store(self) -> Store:
        return self.village.store

    # --- people and visits -----------------------------------------------------------------------------

    @initialize()
    def the_first(self) -> None:
        self.enrol(True, True, False)

    @precondition(lambda self: len(self.notebook.women) < MOST_WOMEN)
    @rule(consents=st.booleans(), confirmed=st.booleans(), shares=st.booleans())
    def enrol(self, consents: bool, confirmed: bool, shares: bool) -> None:
        women = self.notebook.women
        phone = women[0].phone if women and shares else f"+2665810000{len(women)}"
        name = f"Thato{'abc'[len(women)]}"
        known = self.village.woman(phone, name, sms=consents, phone_confirmed=confirmed)
        women.append(Woman(known, phone, consents, confirmed))

    @rule(who=which, ahead=ahead, kind=st.sampled_from((VisitKind.ANC, VisitKind.REFILL)))
    def plan_visit(self, who: int, ahead: int, kind: VisitKind) -> None:
        woman = self._woman(who).id
        new = visits.NewVisit(woman, woman, kind, self._today() + timedelta(days=ahead))
        self.store.write(lambda tx: visits.plan_visit(tx, self.village.parts.programme, new), OPERATOR)

    @rule(which=which, ahead=ahead, outcome=st.sampled_from((*OUTCOMES, None, None)))
    def something_about_a_visit(self, which: int, ahead: int, outcome: VisitState | None) -> None:
        """It is moved, or somebody records what became of it."""
        programme, day = self.village.parts.programme, self._today() + timedelta(days=ahead)

        def change(tx: Transaction, visit: UUID) -> None:
            if outcome:
                visits.record_attendance(tx, programme, visit, outcome)
            else:
                visits.move_visit(tx, programme, visit, day)

        for visit in self._one_of_the_visits(which):
            self.store.write(partial(change, visit=visit), OPERATOR)

    @rule(results=answers)
    def a_day_ends(self, results: list[SendResult | None]) -> None:
        self.village.clock.moment += timedelta(days=1)
        self.tick(results)
        programme, day = self.village.parts.programme, self._today() - timedelta(days=1)
        self.store.write(lambda tx: visits.close_day(tx, programme, self.village.site, day), OPERATOR)

    # --- what people do --------------------------------------------------------------------------------

    @rule(who=which, said=st.sampled_from(SAID), times=st.integers(1, 2))
    def she_texts(self, who: int, said: str, times: int) -> None:
        phone = self._woman(who).phone
        text = TextReceived(f"in-{next(self._numbers)}", phone, Phone(phone), said, None)
        for _ in range(times):
            sms.take(self.village.parts, "fake", text)
        self._hears(phone, said)

    def _hears(self, phone: str, said: str) -> None:
        for woman in self.notebook.at(phone):
            if said == STOPS:
                woman.consents, woman.stopped = False, True
            elif said == STARTS:
                woman.consents, woman.stopped = True, False
            elif said == YES:
                woman.confirmed = True
        if said == WRONG:
            self.notebook.wrong_numbers.add(phone)

    @rule(who=which)
    def she_dials(self, who: int) -> None:
        phone = self._woman(who).phone
        self.village.dials(UssdTurn(f"s-{next(self._numbers)}", Phone(phone), "*1#", Cumulative("")))
        for woman in self.notebook.at(phone):
            woman.confirmed = True

    @rule(who=which, message_class=st.sampled_from(MessageClass), results=answers)
    def a_text_is_put(self, who: int, message_class: MessageClass, results: list[SendResult | None]) -> None:
        """Of whatever class; for her, or for nobody in particular at her phone. Often it goes at once."""
        woman = self._woman(who)
        person = woman.id if who % 4 or message_class in UNASKED else None
        self.village.put(message_class, person, woman.phone)
        if results:
            self.tick(results)

    # --- workers, the provider and time ----------------------------------------------------------------

    @rule(jump=st.sampled_from(JUMPS))
    def time_passes(self, jump: timedelta) -> None:
        self.village.clock.moment += jump

    @rule(results=answers)
    def tick(self, results: list[SendResult | None]) -> None:
        self.provider.answers = [result or _accepted(next(self._numbers)) for result in results]
        self.village.tick()

    @rule(results=answers)
    def the_next_falls_due(self, results: list[SendResult | None]) -> None:
        """Time passes until there is something to do; and it is done."""
        self.village.clock.moment = max(self.village.clock.moment, *self._to_come(), MONDAY_AT_NINE)
        self.tick(results)

    @rule(results=answers)
    def stop_button(self, results: list[SendResult | None]) -> None:
        self.store.write(lambda tx: pause.pause(tx, pause.EVERYTHING, "drill"), OPERATOR)
        self.notebook.paused = True
        self.tick(results)
        self.store.write(lambda tx: pause.resume(tx, pause.EVERYTHING), OPERATOR)
        self.notebook.paused = False

    @rule(sent=st.booleans())
    def a_worker_is_killed(self, sent: bool) -> None:
        """With a text in its hands, which it had sent or not; its lease is over at once."""
        programme = self.village.parts.programme
        following = self.store.write(lambda tx: route.next_round(tx, self.village.parts.lines, 1), ACTOR)
        for claimed in following.claimed:
            begin = partial(deliver.begin, programme=programme, claimed=claimed, gateway=following.gateway)
            sending = self.store.write(begin, ACTOR)
            if sending and sent:
                self.provider.send(sending.text)
        self.store.write(
            lambda tx: tx.connection.execute(
                update(Message).where(Message.lease_until.is_not(None)).values(lease_until=0.0)
            ),
            OPERATOR,
        )

    @rule(which=which, reported=st.sampled_from(REPORTED), times=st.integers(1, 2))
    def a_receipt_comes(self, which: int, reported: MessageState | None, times: int) -> None:
        handed = [one for one in self.notebook.handed if one.taken]
        if not handed:
            return
        one = handed[which % len(handed)]
        receipt = ReceiptReceived(
            "by-our-id", reported or "odd", reported, Phone(one.phone), attempt_id=one.attempt
        )
        for _ in range(times):
            sms.take(self.village.parts, "fake", receipt)

    @rule(anew=st.booleans())
    def housekeeping(self, anew: bool) -> None:
        if anew:
            self._restart()
        parts = self.village.parts
        for job in (
            housekeeping.recover,
            housekeeping.resolve_unknown,
            housekeeping.give_up_on_receipts,
            housekeeping.forget,
            ladder.ask_who_came,
        ):
            job(parts)

    def _restart(self) -> None:
        store = Store(database.connect(self.url), self.store.vault, self.village.clock)
        self.store.close()
        self._beside.callback(store.close)
        self.village = replace(self.village, parts=replace(self.village.parts, store=store))

    # --- what must hold --------------------------------------------------------------------------------

    @invariant()
    def all_holds(self) -> None:
        Life.steps += 1
        self.notebook.check(self.store)

    def _handed(self, text: OutgoingText, taken: bool) -> None:
        row = self.store.read(
            lambda tx: tx.connection.execute(
                select(
                    Message.id, Message.text_id, Message.message_class, Message.person_id, Message.reply_to
                )
                .join(Attempt, Attempt.message_id == Message.id)
                .where(Attempt.id == text.attempt_id)
            ).one()
        )
        self.notebook.may_go(row, text.to.e164, self.village.clock.moment)
        self.notebook.handed.append(Handed(row.id, text.attempt_id, text.to.e164, taken))

    def _to_come(self) -> list[datetime]:
        """When the next reminder and the next text are to go."""
        firsts = (
            select(func.min(LedgerEntry.due_at)).where(LedgerEntry.state == LedgerState.PLANNED),
            select(func.min(Message.next_attempt_at)).where(Message.state == MessageState.QUEUED),
        )
        found = self.store.read(lambda tx: [tx.connection.scalar(first) for first in firsts])
        return [moment for moment in found if moment][:1]

    def _woman(self, who: int) -> Woman:
        return self.notebook.women[who % len(self.notebook.women)]

    def _today(self) -> date:
        return local_day(self.village.clock.moment, MASERU)

    def _one_of_the_visits(self, which: int) -> list[UUID]:
        """The ``which``th, or none."""
        found = self.store.read(lambda tx: tx.connection.scalars(select(Visit.id).order_by(Visit.id)).all())
        return [found[which % len(found)]] if found else []


def _accepted(number: int) -> SendResult:
    return Accepted(f"p-{number}")


@cache
def _template() -> Path:
    """A migrated database to copy: migrating takes far longer than a whole life."""
    folder = TemporaryDirectory(dir=fast_folder())
    atexit.register(folder.cleanup)
    file = Path(folder.name) / "template.db"
    database.upgrade(f"sqlite:///{file}")
    return file


def all_of_life(steps: int, seed: int) -> Outcome:
    """So many steps, shared by processes."""
    share = steps // PROCESSES
    with ProcessPoolExecutor(PROCESSES, get_context("spawn"), _begin) as processes:
        found = list(processes.map(_live, [share] * PROCESSES, range(seed, seed + PROCESSES)))
    figures: Figures = {"steps": sum(done for done, _ in found), "lives": steps // STEPS}
    broken = [sentence for _, sentence in found if sentence]
    return judged(figures, {sentence: False for sentence in broken})


def _begin() -> None:
    os.nice(POLITE)
    compile_once()  # each life has a database of its own


def _live(steps: int, seed_: int) -> tuple[int, str]:
    rules = settings(
        max_examples=max(1, steps // STEPS),
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(seed(seed_)(Life), settings=rules)
    except AssertionError as error:
        return Life.steps, "\n".join((str(error), *getattr(error, "__notes__", ())))
    return Life.steps, ""
