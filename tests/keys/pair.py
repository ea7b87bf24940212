"""Two services that hear the same keys: one over a calm line, one over a network that repeats itself.

The calm one hears each key once. Whatever the other has caused beyond that, or has not caused, is a fault.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Final

from service import gsm
from service.actions import converse, pins
from service.actions.caller import who_calls
from service.domain.ids import new_id
from service.domain.people import SYSTEM, Actor, ActorKind
from service.domain.phone import Phone
from service.menu.machine import ScreenSet
from service.menu.paging import LONGEST_SCREEN, PREFIX
from service.ports import Cumulative, UssdReply, UssdTurn
from service.store import database
from service.store.models.dialogues import ScreenShown
from service.store.store import Store
from service.store.transaction import Transaction
from tests.journeys.calls import facts
from tests.journeys.desk import morning
from tests.keys.keys import HER_PHONE, HER_PIN, PHONES, dialled, pressed
from tests.worker.village import MONDAY, Village, at, open_village

LONGEST_CALL: Final = 40
GONE: Final = ("weaned_check", "enrol_hours", "day_asked", "todo")
"""Screens that the next release does not have any more."""

_DRAWN: Final = re.compile(r"\d{6,}")


def next_release(screens: ScreenSet) -> ScreenSet:
    """The first screen has become another, and some are gone."""
    table = {name: screen for name, screen in screens.table.items() if name not in GONE}
    return replace(screens, table={**table, "home": table["more"], "more": table["home"]})


@dataclass
class Side:
    village: Village

    def hears(self, session: str, phone: Phone, text: str) -> UssdReply:
        turn = UssdTurn(session, phone, "*123#", Cumulative(text))
        parts = self.village.parts
        return parts.store.write(
            lambda tx: converse.converse(tx, parts.programme, "fake", turn), Actor(ActorKind.CALLER, "fake")
        )

    def changes_to(self, screens: ScreenSet) -> None:
        parts = self.village.parts
        self.village.parts = replace(parts, programme=replace(parts.programme, screens=screens))

    def starts_again(self) -> None:
        """The process ends, and another one opens the database."""
        parts = self.village.parts
        url = parts.store.database.url.render_as_string(hide_password=False)
        parts.store.close()
        store = Store(database.connect(url), parts.store.vault, parts.store.clock)
        store.prove_keys()
        self.village.parts = replace(parts, store=store)

    def caused(self) -> Counter[str]:
        return self.village.store.read(facts)

    def shown(self) -> set[str]:
        return {row.screen for row in self.village.rows(ScreenShown.screen)}


@dataclass
class Pair:
    """``wrong`` are the faults found, each in a sentence; ``figures`` count what was tried and caused."""

    calm: Side
    nervous: Side
    chance: Random
    wrong: list[str] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)
    effects: Counter[str] = field(default_factory=Counter)
    screens: set[str] = field(default_factory=set)
    _past: list[tuple[str, Phone, str]] = field(default_factory=list)

    def live(self, presses: int) -> None:
        """Calls, one after another, until so many keys were pressed; then both must have caused the same."""
        screens = self.calm.village.parts.programme.screens
        releases = [screens, next_release(screens)]
        before = self.calm.caused()
        while self.figures["keys"] < presses and not self.wrong:
            self._call(self.chance.choice(PHONES), releases)
        caused = self.calm.caused()
        self.effects, self.screens = caused - before, self.nervous.shown()
        self.figures["effects"] = self.effects.total()
        if caused != (other := self.nervous.caused()):
            self.wrong.append(f"lost: {dict(caused - other)}, twice: {dict(other - caused)}")

    def _call(self, phone: Phone, releases: list[ScreenSet]) -> None:
        self.figures["calls"] += 1
        session, text = f"call-{self.figures['calls']}", dialled(self.chance)
        reply = self._request(session, phone, text)
        for _ in range(LONGEST_CALL):
            if not reply.goes_on or self.wrong:
                break
            if self.chance.random() < 0.04:
                self.figures["dropped"] += 1
                break
            if self.chance.random() < 0.01:
                self._deploy(releases)
            self.figures["keys"] += 1
            key = pressed(self.chance, phone, reply.text)
            text = f"{text}*{key}" if text else key
            reply = self._request(session, phone, text)
        self._wait(self.chance.choice((5, 60, 700)))

    def _request(self, session: str, phone: Phone, text: str) -> UssdReply:
        """What is new reaches both; copies of it and of older requests reach the nervous side only."""
        self._wait(self.chance.randint(1, 8))
        expected = self.calm.hears(session, phone, text)
        reply = self.nervous.hears(session, phone, text)
        self._judge(session, text, expected, reply)
        while self.chance.random() < 0.2:
            self.figures["repeats"] += 1
            self._judge(session, text, reply, self.nervous.hears(session, phone, text))
        if self._past and self.chance.random() < 0.1:
            self.figures["late"] += 1
            self.nervous.hears(*self.chance.choice(self._past))
        self._past = [*self._past[-20:], (session, phone, text)]
        return reply

    def _judge(self, session: str, text: str, expected: UssdReply, reply: UssdReply) -> None:
        seen = gsm.measure(PREFIX + reply.text)
        if seen.encoding is not gsm.Encoding.GSM7 or seen.units > LONGEST_SCREEN:
            self.wrong.append(f"too long after {text!r} in {session}: {reply.text!r}")
        if (_plain(reply.text), reply.goes_on) != (_plain(expected.text), expected.goes_on):
            self.wrong.append(f"after {text!r} in {session}: {reply.text!r} instead of {expected.text!r}")

    def _deploy(self, releases: list[ScreenSet]) -> None:
        self.figures["deploys"] += 1
        releases.reverse()
        for side in (self.calm, self.nervous):
            side.changes_to(releases[0])
        self.nervous.starts_again()

    def _wait(self, seconds: int) -> None:
        for side in (self.calm, self.nervous):
            side.village.clock.moment += timedelta(seconds=seconds)


def _plain(text: str) -> str:
    """Without codes, which each side draws for itself."""
    return _DRAWN.sub("N", text)


@contextmanager
def pair(calm_url: str, nervous_url: str, seed: int) -> Iterator[Pair]:
    with ExitStack() as stack:
        sides = []
        for url in (calm_url, nervous_url):
            village = stack.enter_context(open_village(url, at(MONDAY, "09:00")))
            morning(village, "en")
            village.store.write(_give_pin, SYSTEM)
            sides.append(Side(village))
        calm, nervous = sides
        try:
            yield Pair(calm, nervous, Random(seed))
        finally:
            nervous.village.parts.store.close()


def _give_pin(tx: Transaction) -> None:
    her = who_calls(tx, HER_PHONE, "ussd", new_id())
    assert pins.choose(tx, her.people[0], her.people, HER_PIN)
