"""What must never leave in a troubled year, judged by what the network got and by rules written anew."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from service.domain.phone import Phone
from tests.reminders.maseru import MASERU
from tests.year.book import Book, Left
from tests.year.events import is_open
from tests.year.lives import Danger, Lives, Somebody

NEVER = re.compile(
    r"\b(hiv|aids|art|arvs?|cd4|pcr|prep|tb|viral|virus|positive|negative|status|result|results|test|tests|"
    r"treatment|adherence|clinic|kliniki|tleliniki|mentor|m2m|mothers2mothers|pills?|pilisi|medicine|moriana|"
    r"meriana|kokoana|ts'oaetso|cervical|screening|site \d+)\b",
    re.IGNORECASE,
)
"""What no text may say to anybody (the list of forbidden words that the programme was given)."""

MOTHER_AND_BABY = re.compile(
    r"\b(booklet|bukana|check-?up|tekolo|vaccines?|liente|mother-to-be|boimana|collection|lata|"
    r"health|bophelo|lesea|baby|B[0-9A-F]{1,3})\b",
    re.IGNORECASE,
)
"""What only who agreed to such words may be told."""

NAMES = re.compile(r"\b[NMK][0-9A-F]{1,3}\b")
INFANTS = re.compile(r"\bB[0-9A-F]{1,3}\b")
GO_NOW = re.compile(r"\bNOW\b|HONA JOALE")
WHOSE = re.compile(r"Is this (still )?the phone|nomoro ea")
ACKNOWLEDGES = re.compile(r"no more messages|tla fumana melaetsa|Sorry for the mistake|ts'oarelo ka phoso")
ONCE = re.compile(r"From now on|Ho tloha joale")
STAFF = re.compile(r"\+26657[12]")
OPENS, CLOSES = time(9), time(17)
ASKED_AT_MOST = 2
IN_DOUBT_AFTER = timedelta(days=90)
"""So long without a text a number may be another's by now."""


@dataclass
class Oracle:
    """``complaints`` should stay empty; ``seen`` counts what was there to be judged."""

    book: Book
    lives: Lives
    complaints: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    _alarms: list[Left] = field(default_factory=list)
    _questions: list[Left] = field(default_factory=list)
    _told: set[tuple[Phone, str, date | None]] = field(default_factory=set)
    _next: int = 0

    def look(self) -> list[Phone]:
        """At what left since the last look; the phones that were asked whose they are."""
        self.lives.meet(self.book)
        new, self._next = self.book.left[self._next :], len(self.book.left)
        for left in new:
            wrong = self._of_staff(left) if STAFF.match(left.to.e164) else self._of_a_client(left)
            local = left.at.astimezone(MASERU)
            self.complaints += [
                f"{local:%a %F %H:%M} {left.to.masked} {left.text!r}: {what}" for what in wrong
            ]
        return [left.to for left in new if WHOSE.search(left.text)]

    def _of_staff(self, left: Left) -> Iterator[str]:
        self.seen["alerts"] += 1
        if "URGENT" in left.text:
            self._alarms.append(left)
        if "What came of it?" in left.text:
            self._questions.append(left)
        if NAMES.search(left.text) or NEVER.search(left.text) or MOTHER_AND_BABY.search(left.text):
            yield "a colleague's phone shows more than a code"

    def _of_a_client(self, left: Left) -> Iterator[str]:
        self.seen["texts"] += 1
        yield from self._of_silence(left)
        yield from self._of_the_words(left)
        yield from self._of_the_people(left)
        yield from self._of_the_time(left)

    def _goes_now(self, left: Left) -> bool:
        """Advice in danger, in answer to her own text: nothing holds it back."""
        return bool(GO_NOW.search(left.text)) and self.lives.answered(left.to, left.at)

    def _of_silence(self, left: Left) -> Iterator[str]:
        if self._goes_now(left):
            return
        silence = self.lives.silent.get(left.to)
        if silence and ACKNOWLEDGES.search(left.text) and not silence.acknowledged:
            silence.acknowledged = True
        elif silence:
            yield f"nothing may go there: {silence.why}"
        if left.to in self.lives.left_behind:
            yield "she has another number now"

    def _of_the_words(self, left: Left) -> Iterator[str]:
        there = self._there(left)
        if NEVER.search(left.text):
            yield "it says what no text may say"
        if set(INFANTS.findall(left.text)) & self.lives.never:
            yield "it names a child who died"
        if MOTHER_AND_BABY.search(left.text) and not self._goes_now(left):
            self.seen["telling texts"] += 1
            if len(there) != 1 or not there[0].telling or not there[0].proven:
                yield "it tells more than was agreed to"

    def _of_the_people(self, left: Left) -> Iterator[str]:
        if self._goes_now(left):
            return
        named, there = [self.lives.named(name) for name in NAMES.findall(left.text)], self._there(left)
        for one in named or there:
            if one is None or one not in there:
                yield "it is about somebody who is not reached there"
            elif one.quiet and (named or len(there) == 1):
                yield f"nothing may reach her: {one.quiet}"
            elif not one.agrees and not self.lives.answered(left.to, left.at):
                yield "she did not agree to texts"
            elif not one.proven and left.to == one.phone and not WHOSE.search(left.text):
                yield "nobody knows yet that it is her number"

    def _there(self, left: Left) -> list[Somebody]:
        """Who is reached there; at her other phone also who has had nothing at her first one for long."""
        others = (one for one in self.lives.with_second(left.to) if self._is_in_doubt(one.phone, left.at))
        return self.lives.at(left.to) or list(others)

    def _is_in_doubt(self, phone: Phone, at: datetime) -> bool:
        before = (left for left in self.book.left if left.to == phone and at - IN_DOUBT_AFTER < left.at < at)
        return all(WHOSE.search(left.text) for left in before)

    def _of_the_time(self, left: Left) -> Iterator[str]:
        local = left.at.astimezone(MASERU)
        if self.lives.answered(left.to, left.at):
            return
        if not (OPENS <= local.time() < CLOSES and is_open(local.date())):
            yield "it is night, or a day of rest"
        said = (left.to, left.text, None if ONCE.search(left.text) else local.date())
        if said in self._told:
            yield "she was told so already"
        self._told.add(said)

    # --- danger

    def of_dangers(self) -> Iterator[str]:
        """Each is answered and alarmed about within a minute, and climbs every ten until somebody has it."""
        for danger in self.lives.dangers:
            self.seen["cries for help"] += 1
            yield from (f"{danger.at} {danger.code}: {what}" for what in self._of_danger(danger))

    def _of_danger(self, danger: Danger) -> Iterator[str]:
        soon = danger.at + timedelta(minutes=1)
        answers = (left for left in self.book.left if left.to == danger.phone and GO_NOW.search(left.text))
        if not any(danger.at <= left.at <= soon for left in answers):
            yield "she got no answer"
        alarms = self._about(danger, self._alarms)
        for minutes, people in ((0, 1), (10, 2), (20, 2)):
            moment = danger.at + timedelta(minutes=minutes)
            by_then = [left for left in alarms if left.at <= moment + timedelta(minutes=1)]
            if danger.taken_at > moment and len({left.to for left in by_then}) < people:
                yield f"after {minutes} minutes {len(by_then)} were alarmed"
            self.seen[f"alarms after {minutes} minutes"] += danger.taken_at > moment
        if any(left.at > danger.taken_at for left in alarms):
            yield "somebody was alarmed when somebody else had it already"
        yield from self._of_its_outcome(danger)

    def _of_its_outcome(self, danger: Danger) -> Iterator[str]:
        """Who has it is asked an hour later what came of it, and one more person at last.

        What is asked about an earlier cry that nobody settled cannot be told from it.
        """
        asked = self._about(danger, self._questions)
        self.seen["times asked what came of it"] += len(asked)
        before = [one for one in self.lives.dangers if one.code == danger.code and one.at < danger.at]
        if len(asked) > ASKED_AT_MOST * (1 + len(before)):
            yield f"people were asked {len(asked)} times what came of it"
        if not before and any(left.at < danger.taken_at + timedelta(hours=1) for left in asked):
            yield "somebody was asked too early what came of it"

    def _about(self, danger: Danger, texts: list[Left]) -> list[Left]:
        """Of what went to colleagues that which follows this cry, and not the next from the same woman."""
        later = [one.at for one in self.lives.dangers if one.code == danger.code and one.at > danger.at]
        until = min(later, default=None)
        return [
            left
            for left in texts
            if danger.code in left.text and left.at >= danger.at and (until is None or left.at < until)
        ]
