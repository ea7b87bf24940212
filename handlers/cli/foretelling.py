"""From what was asked to what a preview says."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from handlers.cli.answers import NotSo
from handlers.preview.sheet import (
    CaseloadForecast,
    PlanState,
    Prices,
    Sheet,
    Writer,
    spoken,
    volumes_of,
    words,
)
from service.domain.people import ClientKind, Wording
from service.preview.engine import Days, Engine, Watch
from service.preview.foreseen import Foreseen, summed
from service.preview.habits import Answers, Attends, Habits
from service.preview.persona import Persona
from service.programme import Programme
from service.reports.readiness import is_approved
from service.store.records import ClientRecord, client_by_code
from service.store.store import Store

About = tuple[tuple[str, str], ...]

MARK: Final = 12
"""How much of a plan's hash is shown: enough to compare by eye."""


@dataclass(frozen=True)
class Wish:
    """What every preview is told."""

    days: Days
    habits: Habits
    prices: Prices
    watch: Watch


@dataclass(frozen=True)
class Foretelling:
    """``store`` is the installation's, where it has one yet."""

    engine: Engine
    store: Store | None
    wish: Wish

    def of_persona(self, persona: Persona) -> Sheet:
        found = self.engine.of_persona(persona, self.wish.days, self.wish.habits, self.wish.watch)
        who = _who(persona, self._programme.texts.by_language[persona.language].name)
        return self._sheet(f"What {_KINDS[persona.kind]} would get", who, found)

    def of_client(self, store: Store, code: str) -> Sheet:
        self._insist_on_days_to_come(store)
        client = store.read(lambda reading: client_by_code(reading, code))
        if client is None:
            raise NotSo(f"No client has the code {code}.")
        wish = self.wish
        found = self.engine.of_client(store, client.id, wish.days, wish.habits, wish.watch)
        return self._sheet(f"What client {code} would get", _who_is(client), found)

    def of_everybody(self, store: Store) -> CaseloadForecast:
        self._insist_on_days_to_come(store)
        by_site = self.engine.of_everybody(store, self.wish.days, self.wish.habits, self.wish.watch)
        volumes = summed(chain.from_iterable(by_site.values()))
        return CaseloadForecast(
            title="What the whole caseload would get",
            about=self._about((("Who", "everybody, by the records as they are now"),)),
            plans=self._plans(),
            months=self._writer.months(volumes),
            total=self._writer.total(volumes),
            sites=self._writer.sites(by_site),
        )

    def _insist_on_days_to_come(self, store: Store) -> None:
        today = self._programme.today(store.clock.now())
        if self.wish.days.first < today:
            raise NotSo(f"Records are as they are today, so --from cannot be before {today}.")

    def _sheet(self, title: str, who: About, found: Foreseen) -> Sheet:
        volumes = volumes_of(found, self._programme.calendar.zone)
        return Sheet(
            title=title,
            about=self._about(who),
            plans=self._plans(),
            texts=tuple(map(self._writer.text, found.texts)),
            tasks=tuple(map(self._writer.task, found.tasks)),
            left_out=tuple(map(self._writer.left_out, found.left_out)),
            months=self._writer.months(volumes),
            total=self._writer.total(volumes),
        )

    @property
    def _programme(self) -> Programme:
        return self.engine.programme

    @property
    def _writer(self) -> Writer:
        return Writer(self._programme, self.wish.prices)

    def _about(self, who: About) -> About:
        days = self.wish.days
        time = f"{spoken(days.first)} to {spoken(days.last)}, {days.number} days"
        return (*who, ("Time", time), ("Assumed", " ".join(_assumed(self.wish.habits))))

    def _plans(self) -> tuple[PlanState, ...]:
        return tuple(
            PlanState(plan.name, plan.content_hash[:MARK], self._is_approved(plan.name, plan.content_hash))
            for plan in self._programme.plans
        )

    def _is_approved(self, name: str, content_hash: str) -> bool:
        return self.store is not None and self.store.read(
            lambda reading: is_approved(reading, "plan", name, content_hash)
        )


_ATTENDS: Final = {
    Attends.ALWAYS: "She comes to every visit.",
    Attends.LATE: "She misses every visit and comes ten days later.",
    Attends.NEVER: "She comes to no visit, and staff record it.",
    Attends.UNRECORDED: "Nobody records whether she came.",
}
_ANSWERS: Final = {
    Answers.ALWAYS: "She answers when she is asked how she is, or whether the number is hers.",
    Answers.NEVER: "She never answers.",
}


def _assumed(habits: Habits) -> Iterator[str]:
    yield _ATTENDS[habits.attends]
    yield _ANSWERS[habits.answers]
    yield "Every text arrives, and people do in time what they are asked."
    yield "Births come on the expected day. Each sample is negative, and she is told after three weeks."


_KINDS: Final = {
    ClientKind.PREGNANT: "a pregnant woman",
    ClientKind.BREASTFEEDING: "a mother who breastfeeds",
    ClientKind.ART: "a woman on treatment",
    ClientKind.PREP: "a woman who takes prevention",
    ClientKind.AGYW: "a girl or young woman",
    ClientKind.CHILD: "a child's carer",
    ClientKind.OTHER: "another client",
}
_WORDINGS: Final = {
    Wording.T0: "neutral words (T0)",
    Wording.T1: "words of mother and baby (T1)",
    Wording.NONE: "no texts at all (none)",
}


def _who(persona: Persona, language: str) -> About:
    age = f" of {persona.age}" if persona.age else ""
    about = [
        ("Who", f"{_KINDS[persona.kind]}{age}, who does not exist"),
        ("Called", f"{persona.nickname}; her Mentor Mother {persona.mentor}"),
        ("Language, wording", f"{language}, {_WORDINGS[persona.wording]}"),
        ("Agrees to", ", ".join(sorted(persona.consents)) or "nothing"),
    ]
    dates = "; ".join(_dates(persona))
    return (*about, ("Dates", dates)) if dates else tuple(about)


def _dates(persona: Persona) -> Iterator[str]:
    if persona.edd:
        yield f"she expects a birth on {spoken(persona.edd)}"
    if persona.born_on:
        risk = f" ({persona.risk} risk)" if persona.risk else ""
        yield f"her infant {persona.infant}{risk} was born on {spoken(persona.born_on)}"
    if persona.weaned_on:
        yield f"weaned on {spoken(persona.weaned_on)}"
    if persona.days_supplied:
        yield f"{persona.days_supplied} days handed out at each refill, the first on the first day"
    for kind, day in persona.visits:
        yield f"{words(kind)} on {spoken(day)}"
    if persona.switched:
        yield f"her site has switched {', '.join(sorted(persona.switched))}"


def _who_is(client: ClientRecord) -> About:
    return (
        ("Who", f"client {client.code} ({words(client.kind)}), by her records as they are now"),
        ("Language, wording", f"{client.language}, {_WORDINGS[client.wording]}"),
    )
