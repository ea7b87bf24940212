"""What every figure of the caseload must be, worked out from caseload.txt alone.

This script knows nothing of the project: it reads the table as a monitoring officer would, and follows the
written counting rules. Run it to see all figures: ``python expected.py``.
Ten of them are worked out by hand, in words, in ``BY_HAND``.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median

FILE = Path(__file__).with_name("caseload.txt")
COUNTED_AT = datetime(2026, 12, 1, 8, 0)
PERIODS = {
    "2026-09": (date(2026, 9, 1), date(2026, 9, 30)),
    "2026-10": (date(2026, 10, 1), date(2026, 10, 31)),
    "2026-11": (date(2026, 11, 1), date(2026, 11, 30)),
    "2026Q3": (date(2026, 7, 1), date(2026, 9, 30)),
    "2026Q4": (date(2026, 10, 1), date(2026, 12, 31)),
    "FY2026": (date(2025, 10, 1), date(2026, 9, 30)),
    "FY2027": (date(2026, 10, 1), date(2027, 9, 30)),
}
REMOTE = {"sms", "ussd", "call", "whatsapp"}
STAFF_LOGGED = {"ussd", "call", "whatsapp", "home_visit", "facility_visit"}

Row = dict[str, str]
Key = tuple[str, str, str, str]
"""Indicator, period, place, and the cell such as ``age_band=20-24;sex=female``."""


BY_HAND: dict[Key, tuple[str, str]] = {
    ("ES_NEW", "2026-09", "Ha Demo", ""): (
        "2",
        "Amohelang was enrolled on 30 September and first wrote at 00:30 on 1 October: remote, and the day "
        "of enrolment counts. Cecilia was enrolled on 21 September and first met on WhatsApp.",
    ),
    ("ES_REACHED", "2026-10", "Ha Demo", "mode=call"): (
        "8",
        "Amohelang, Boitumelo, Makhotso, Tebello, Cecilia and Limpho were called in October, and so were "
        "Chaltu and Dineo: they share a number, and are two women. Boitumelo's call of 23:30 on the 31st is "
        "October's.",
    ),
    ("ES_NEW_ENR", "2026-10", "Koro", "channel=ussd"): (
        "2",
        "Grace registered herself on 20 October and was verified in November, so she counts from October; "
        "the file says that Rethabile was enrolled by USSD. Fumane was never verified: nothing.",
    ),
    ("NEW", "2026-09", "Ha Demo", "client_type=art"): (
        "2",
        "Hlompho's two records are one woman, whose earlier enrolment is 15 September; and Cecilia.",
    ),
    ("ES_CONTACTS", "2026-10", "Koro", "age_band=25-29;sex=female"): (
        "2",
        "Itumeleng dialled on 14 October at 24 years, and was called on the 15th, her 25th birthday: one of "
        "her two contacts is in this band. The other is Nthabeleng's call of 11 October at 29.",
    ),
    ("ES_NEW", "2026-10", "Ha Demo", "client_type=art"): (
        "1",
        "Boitumelo. Makhotso was called at 08:00 on 8 October, but came to a visit on that day, which goes "
        "first; Keitumetse was enrolled and never met.",
    ),
    ("ES_REACHED", "2026-11", "Matsieng", "client_type=art"): (
        "1",
        "Ntsoaki was reached on 12 and 13 November, after her transfer; her call of the 5th is Ha Demo's.",
    ),
    ("ES_OPTOUT", "2026-11", "network", ""): (
        "1",
        "Puleng said stop on the 2nd and again at 23:30 on the 30th: one woman.",
    ),
    ("ES_REPLY48", "2026-10", "network", ""): (
        "0.4",
        "Five check-ins arrived. Palesa dialled 48 hours later to the minute, and Itumeleng 47 hours after "
        "the second of hers; nothing came for her first one, nor for Tebello's two, who was called: 2 of 5.",
    ),
    ("EID_2M", "2026-11", "network", ""): (
        "0.5",
        "Pule was born on 1 September and was 61 days old on 1 November; the sample was taken at 60 days. "
        "Nala was 61 days old on 15 November without a sample. One of two.",
    ),
}
"""Figures that somebody worked out on paper, and how."""


# --- reading the file ----------------------------------------------------------------------------------


def sections(text: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    rows, header = [], None
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            rows, header = found.setdefault(line.strip("[]"), []), None
        elif header is None:
            header = [cell.strip() for cell in line.split("|")]
        else:
            cells = [cell.strip() for cell in line.split("|")]
            rows.append(dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=True)))
    return found


def day_of(text: str) -> date | None:
    return None if text in ("-", "") else date.fromisoformat(text)


@dataclass
class Visit:
    kind: str
    day: date
    came: date | None = None
    missed: bool = False
    sought: datetime | None = None
    came_at: datetime | None = None
    reminders: list[tuple[datetime, str]] = field(default_factory=list)


@dataclass
class Task:
    kind: str
    urgency: str
    opened: datetime
    within: timedelta
    acted: datetime | None = None


@dataclass
class Woman:
    row: Row
    contacts: list[tuple[datetime, str]] = field(default_factory=list)
    wrote_or_dialled: list[datetime] = field(default_factory=list)
    visits: dict[tuple[str, date], Visit] = field(default_factory=dict)
    tasks: list[Task] = field(default_factory=list)
    stops: list[datetime] = field(default_factory=list)
    stopped: bool = False
    wrong: list[datetime] = field(default_factory=list)
    incidents: list[datetime] = field(default_factory=list)
    reminders: list[tuple[datetime, str, str, str]] = field(default_factory=list)
    check_ins: list[tuple[datetime, str]] = field(default_factory=list)
    texts: list[tuple[datetime, str]] = field(default_factory=list)
    verified: bool = True
    delivered: date | None = None
    moved: tuple[date, str] | None = None
    same_as: str | None = None

    @property
    def born(self) -> date | None:
        return day_of(self.row["born"])

    @property
    def enrolled(self) -> date:
        return date.fromisoformat(self.row["enrolled"])

    def site(self, day: date) -> str:
        return self.moved[1] if self.moved and day >= self.moved[0] else self.row["site"]

    def type_on(self, day: date) -> str:
        if self.delivered:
            return "pregnant" if day < self.delivered else "breastfeeding"
        return self.row["kind"]


@dataclass
class Infant:
    row: Row
    mother: Woman
    samples: dict[date, str | None] = field(default_factory=dict)
    weaned: date | None = None
    in_care: date | None = None

    @property
    def born(self) -> date:
        return date.fromisoformat(self.row["born"])

    def age(self, day: date) -> int:
        return (day - self.born).days


@dataclass
class Caseload:
    districts: dict[str, str]
    women: dict[str, Woman]
    infants: dict[str, Infant]


def read() -> Caseload:
    found = sections(FILE.read_text())
    women = {row["name"]: Woman(row, verified=row["entered by"] != "self") for row in found["women"]}
    infants = {row["name"]: Infant(row, women[row["mother"]]) for row in found["infants"]}
    for event in found["what happened"]:
        when = datetime.fromisoformat(event["when"])
        if event["who"] in infants:
            happened_to_infant(infants[event["who"]], event["what"], event["more"])
        else:
            happened(women[event["who"]], when, event["what"], event["more"])
    merge(women)
    return Caseload({row["name"]: row["district"] for row in found["sites"]}, women, infants)


def happened_to_infant(infant: Infant, what: str, more: str) -> None:
    if what == "sample":
        infant.samples[date.fromisoformat(more)] = None
    elif what == "result":
        taken, result, _ = more.split()
        infant.samples[date.fromisoformat(taken)] = result
    elif what == "weaned":
        infant.weaned = date.fromisoformat(more)
    elif what == "started_art":
        infant.in_care = date.fromisoformat(more)
    else:
        raise ValueError(what)


def happened(her: Woman, when: datetime, what: str, more: str) -> None:
    if what in STAFF_LOGGED:
        her.contacts.append((when, what))
        her.wrote_or_dialled += [when] if what == "ussd" else []
    elif what in ("visit", "came", "missed", "sought"):
        visited(her, when, what, more)
    elif what in ("handled", "tried"):
        task = next(task for task in reversed(her.tasks) if task.kind == "call_me")
        task.acted = task.acted or when
        her.contacts += [(when, "call")] if what == "handled" else []
    else:
        OTHERS[what](her, when, more)


def checked_in(her: Woman, when: datetime, end: str) -> None:
    her.check_ins.append((when, end))
    her.reminders.append((when, "check_ins", "none", end))
    text(her, when, end)


def disclosed(her: Woman, when: datetime, _: str) -> None:
    her.incidents.append(when)
    her.tasks.append(Task("disclosure", "today", when, timedelta(hours=24)))


def verified(her: Woman, _: datetime, __: str) -> None:
    her.verified = True


def gave_birth(her: Woman, _: datetime, day: str) -> None:
    her.delivered = date.fromisoformat(day)


def moved(her: Woman, when: datetime, site: str) -> None:
    """The other site accepted at once."""
    her.moved = (when.date(), site)
    her.tasks.append(Task("accept_transfer", "soon", when, timedelta(days=2), acted=when))


def found_to_be(her: Woman, _: datetime, other: str) -> None:
    her.same_as = other


def wrote(her: Woman, when: datetime, words: str) -> None:
    if words == "9":
        her.wrong.append(when)
        her.tasks.append(Task("wrong_number", "today", when, timedelta(hours=8)))
        return
    her.contacts.append((when, "sms"))
    her.wrote_or_dialled.append(when)
    if words not in ("3", "STOP", "START"):
        her.tasks.append(Task("read_message", "today", when, timedelta(hours=8)))
    elif words == "3":
        her.tasks.append(Task("call_me", "today", when, timedelta(hours=8)))
    elif words == "STOP" and not her.stopped:
        her.stops.append(when)
    her.stopped = words == "STOP" or (her.stopped and words != "START")


def visited(her: Woman, when: datetime, what: str, more: str) -> None:
    kind, day, *rest = more.split()
    key = (kind, date.fromisoformat(day))
    visit = her.visits.setdefault(key, Visit(*key))
    if what == "came":
        visit.came = date.fromisoformat(rest[1]) if rest else visit.day
        visit.came_at = when
    elif what == "missed":
        visit.missed = True
    elif what == "sought":
        visit.sought = when
        her.tasks.append(Task("call_missed", "today", when, timedelta(hours=8)))


def reminded(her: Woman, when: datetime, more: str) -> None:
    about, _, end = more.partition(": ")
    _, _, kind, day = about.split()
    her.visits[kind, date.fromisoformat(day)].reminders.append((when, end))
    her.reminders.append((when, "visits", kind, end))
    text(her, when, end)


def text(her: Woman, when: datetime, end: str) -> None:
    if went(end):
        her.texts.append((when, end))


OTHERS = {
    "wrote": wrote,
    "reminder": reminded,
    "check_in": checked_in,
    "text": text,
    "incident": disclosed,
    "verified": verified,
    "gave_birth": gave_birth,
    "moved_to": moved,
    "same_as": found_to_be,
}


def went(end: str) -> bool:
    """The provider took it."""
    return end.startswith(("delivered", "sent", "undelivered"))


def merge(women: dict[str, Woman]) -> None:
    """All that two records of one woman hold is hers, under the record that stays."""
    for woman in list(women.values()):
        if woman.same_as:
            kept = women[woman.same_as]
            for name in ("contacts", "wrote_or_dialled", "tasks", "stops", "wrong", "incidents"):
                getattr(kept, name).extend(getattr(woman, name))
            for name in ("reminders", "check_ins", "texts"):
                getattr(kept, name).extend(getattr(woman, name))
            kept.visits |= woman.visits
            if woman.enrolled < kept.enrolled:
                for name in ("enrolled", "through", "entered by"):
                    kept.row[name] = woman.row[name]
    for name in [name for name, woman in women.items() if woman.same_as]:
        del women[name]


# --- what each indicator counts ------------------------------------------------------------------------


@dataclass(frozen=True)
class Fact:
    who: str
    on: date
    site: str
    cells: dict[str, str]
    yes: bool = True
    amount: Decimal = Decimal(0)


def age_band(born: date | None, on: date) -> str:
    if born is None:
        return "unknown"
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    if age < 5:
        return "<1" if age < 1 else "1-4"
    return "50+" if age >= 50 else f"{age // 5 * 5}-{age // 5 * 5 + 4}"


def dreams_band(born: date | None, on: date) -> str:
    band = age_band(born, on)
    return band if band in ("10-14", "15-19", "20-24", "25-29", "unknown") else "other"


def fact(
    name: str, her: Woman, on: date, yes: bool = True, amount: Decimal = Decimal(0), **more: str
) -> Fact:
    cells = {
        "age_band": age_band(her.born, on),
        "dreams_band": dreams_band(her.born, on),
        "sex": "unknown" if her.row["sex"] == "-" else her.row["sex"],
        "client_type": her.type_on(on),
        **more,
    }
    return Fact(name, on, her.site(on), cells, yes, amount)


class Facts:
    """A list of facts for each indicator."""

    def __init__(self, caseload: Caseload) -> None:
        self.women = {name: her for name, her in caseload.women.items() if her.verified}
        self.infants = {
            name: one
            for name, one in caseload.infants.items()
            if one.row["exposed"] == "yes" and one.mother.verified
        }
        self.of: dict[str, list[Fact]] = defaultdict(list)
        for name, her in self.women.items():
            self.enrolment(name, her)
            self.contacts(name, her)
            self.reminders(name, her)
            self.attendance(name, her)
            self.tasks(name, her)
            self.safety(name, her)
            self.texts(name, her)
        for name, infant in self.infants.items():
            self.samples(name, infant)
            self.cohorts(name, infant)

    def add(self, indicator: str, found: Fact) -> None:
        self.of[indicator].append(found)

    def enrolment(self, name: str, her: Woman) -> None:
        met = [(at.date(), 1, at, mode) for at, mode in her.contacts]
        met += [
            (visit.came, 0, datetime.min, "facility_visit") for visit in her.visits.values() if visit.came
        ]
        first = min(met)[3] if met else None
        channel = her.row["through"]
        self.add("NEW", fact(name, her, her.enrolled, channel=channel))
        if first in REMOTE:
            self.add("ES_NEW", fact(name, her, her.enrolled, mode=first or ""))
        if channel in REMOTE or her.row["entered by"] != "file":
            self.add("ES_NEW_ENR", fact(name, her, her.enrolled, channel=channel))

    def contacts(self, name: str, her: Woman) -> None:
        for at, mode in sorted(her.contacts):
            found = fact(name, her, at.date(), mode=mode)
            if mode in REMOTE:
                self.add("ES_REACHED", found)
                self.add("ES_CONTACTS", found)
            else:
                self.add("CONTACTS_IN_PERSON", found)

    def reminders(self, name: str, her: Woman) -> None:
        for at, plan, service, end in her.reminders:
            found = fact(name, her, at.date(), plan=plan, service=service)
            self.add("ES_REM_DUE", found)
            if went(end):
                self.add("ES_REM_SENT", found)
            if end.startswith("delivered"):
                self.add("ES_REM_DLVD", found)
            if end.startswith(("undelivered", "refused")):
                self.add("ES_REM_FAIL", found)
        for at, end in her.check_ins:
            if end.startswith("delivered"):
                soon = at + timedelta(hours=48)
                answered = any(at <= moment <= soon for moment in her.wrote_or_dialled)
                self.add("ES_REPLY48", fact(name, her, at.date(), answered))

    def attendance(self, name: str, her: Woman) -> None:
        for visit in her.visits.values():
            before = [(at, end) for at, end in visit.reminders if at.date() <= visit.day]
            if not before:
                continue
            on = max(before)[0].date()
            group = "" if any(went(end) for _, end in before) else "_NOT"
            known = bool(visit.came) or visit.missed
            for days in (7, 28):
                soon = visit.came is not None and on <= visit.came <= on + timedelta(days=days)
                self.add(f"ES_ATT{days}{group}", fact(name, her, on, soon, service=visit.kind))
            self.add(f"ES_ATT_KNOWN{group}", fact(name, her, on, known, service=visit.kind))
        for visit in her.visits.values():
            if visit.missed and visit.sought:
                back = [
                    (other.came, other.kind)
                    for other in her.visits.values()
                    if other.came_at and other.kind == visit.kind and other.came_at > visit.sought
                ]
                if back:
                    self.add("ES_RTC", fact(name, her, min(back)[0] or date.min, service=visit.kind))

    def tasks(self, name: str, her: Woman) -> None:
        for task in her.tasks:
            about = {"task": task.kind, "urgency": task.urgency}
            due = task.opened + task.within
            if task.acted:
                hours = Decimal((task.acted - task.opened).total_seconds()) / 3600
                self.add("ES_TASK_TAT", fact(name, her, task.opened.date(), True, hours, **about))
                in_time = task.acted <= due
            elif due < COUNTED_AT:
                in_time = False
            else:
                continue
            self.add("ES_TASK_INTIME", fact(name, her, task.opened.date(), in_time, Decimal(0), **about))

    def safety(self, name: str, her: Woman) -> None:
        for indicator, moments in (
            ("ES_OPTOUT", her.stops),
            ("ES_WRONGNO", her.wrong),
            ("ES_INCIDENT", her.incidents),
        ):
            for at in moments:
                self.add(indicator, fact(name, her, at.date()))

    def texts(self, name: str, her: Woman) -> None:
        for at, end in her.texts:
            gateway, parts, price = re.fullmatch(r"\w+ by (\w+), (\d+) parts?, (.+)", end).groups()  # type: ignore[union-attr]
            on = at.date()
            self.add("MSG_SENT", fact(name, her, on, gateway=gateway))
            self.add("MSG_DLVD", fact(name, her, on, end.startswith("delivered"), gateway=gateway))
            self.add("MSG_PARTS", fact(name, her, on, True, Decimal(parts), gateway=gateway))
            if price != "no price":
                currency, amount = price.split()
                about = {"gateway": gateway, "currency": currency}
                self.add("MSG_COST", fact(name, her, on, True, Decimal(amount), **about))

    def infant_fact(self, name: str, infant: Infant, on: date, yes: bool = True, **more: str) -> Fact:
        sex = "unknown" if infant.row["sex"] == "-" else infant.row["sex"]
        return Fact(name, on, infant.mother.site(on), {"sex": sex, **more}, yes)

    def samples(self, name: str, infant: Infant) -> None:
        taken = sorted(infant.samples)
        positive = [day for day in taken if infant.samples[day] == "positive"]
        if taken and infant.age(taken[0]) <= 365:
            self.add(
                "EID_FIRST", self.infant_fact(name, infant, taken[0], infant_age=infant_age(infant, taken[0]))
            )
        if positive and infant.age(positive[0]) <= 365:
            about = {"infant_age": infant_age(infant, positive[0])}
            self.add("EID_POS", self.infant_fact(name, infant, positive[0], True, **about))
            treated = infant.in_care is not None
            self.add("EID_POS_ART", self.infant_fact(name, infant, positive[0], treated, **about))

    def cohorts(self, name: str, infant: Infant) -> None:
        ages = [infant.age(day) for day in infant.samples]
        positive = [infant.age(day) for day, result in infant.samples.items() if result == "positive"]

        def of(indicator: str, older_than: int, yes: bool, **more: str) -> None:
            on = infant.born + timedelta(days=older_than + 1)
            if on <= COUNTED_AT.date():
                self.add(indicator, self.infant_fact(name, infant, on, yes, **more))

        of("EID_2M", 60, any(age <= 60 for age in ages))
        of("EID_12M", 365, any(age <= 365 for age in ages))
        if not any(age < 260 for age in positive):
            of("EID_9M", 365, any(260 <= age <= 365 for age in ages))
        if not any(age < 540 for age in positive):
            of("EID_18M", 730, any(540 <= age <= 730 for age in ages))
        outcome = final_outcome(infant)
        of("EID_FINAL", 730, outcome != "unknown")
        of("EID_OUTCOME", 730, True, outcome=outcome)


def infant_age(infant: Infant, day: date) -> str:
    return "0-2m" if infant.age(day) <= 60 else "2-12m"


def final_outcome(infant: Infant) -> str:
    for day, result in infant.samples.items():
        if result == "positive" and infant.age(day) <= 730:
            return "positive"
    for day, result in infant.samples.items():
        late = infant.weaned is not None and day >= infant.weaned + timedelta(days=90)
        if result == "negative" and 540 <= infant.age(day) <= 730 and late:
            return "negative"
    return "unknown"


def absences(women: dict[str, Woman], on: date) -> Iterator[tuple[str, Fact]]:
    """Who is away at the end of a day: since the first day that she missed, by kind of visit."""
    for name, her in women.items():
        for kind in {visit.kind for visit in her.visits.values()}:
            days = [
                visit.day
                for visit in her.visits.values()
                if visit.kind == kind and visit.missed and visit.day <= on and not back_since(her, visit, on)
            ]
            if not days:
                continue
            away = (on - min(days)).days
            found = fact(name, her, on, service=kind)
            if 1 <= away <= 7:
                yield "ABS_MISSED", found
            if 8 <= away <= 89:
                yield "ABS_DEFAULTER", found
            if away >= 90:
                yield "ABS_LOST", found
            if away > 28:
                yield "ABS_INTERRUPTED", found


def back_since(her: Woman, missed: Visit, on: date) -> bool:
    return any(
        visit.kind == missed.kind and visit.came and missed.day <= visit.came <= on
        for visit in her.visits.values()
    )


# --- from facts to figures -----------------------------------------------------------------------------

PEOPLE = (("age_band", "sex"), ("client_type",))
BY: dict[str, tuple[tuple[str, ...], ...]] = {
    "ES_NEW": (
        ("age_band", "sex"),
        ("dreams_band",),
        ("client_type",),
        ("mode",),
        ("age_band", "sex", "mode"),
    ),
    "ES_NEW_ENR": (
        *(("age_band", "sex"), ("dreams_band",), ("client_type",), ("channel",)),
        ("age_band", "sex", "channel"),
    ),
    "NEW": (("age_band", "sex"), ("dreams_band",), ("client_type",), ("channel",)),
    "ES_REACHED": (
        *(("age_band", "sex"), ("dreams_band",), ("client_type",), ("mode",)),
        ("age_band", "sex", "mode"),
    ),
    "ES_CONTACTS": (("mode",), *PEOPLE),
    "CONTACTS_IN_PERSON": (("mode",), *PEOPLE),
    **dict.fromkeys(
        ("ES_REM_DUE", "ES_REM_SENT", "ES_REM_DLVD", "ES_REM_FAIL"), (("plan",), ("service",), *PEOPLE)
    ),
    "ES_REPLY48": PEOPLE,
    **dict.fromkeys(("ES_ATT7", "ES_ATT28", "ES_RTC"), (("service",), *PEOPLE)),
    **dict.fromkeys(("ES_ATT7_NOT", "ES_ATT28_NOT", "ES_ATT_KNOWN", "ES_ATT_KNOWN_NOT"), (("service",),)),
    **dict.fromkeys(("ES_TASK_TAT", "ES_TASK_INTIME"), (("task",), ("urgency",))),
    "ES_OPTOUT": PEOPLE,
    **dict.fromkeys(("ES_WRONGNO", "ES_INCIDENT"), (("client_type",),)),
    **dict.fromkeys(("EID_FIRST", "EID_POS"), (("infant_age",), ("sex",))),
    "EID_POS_ART": (("infant_age",),),
    **dict.fromkeys(("EID_2M", "EID_12M", "EID_9M", "EID_18M", "EID_FINAL"), (("sex",),)),
    "EID_OUTCOME": (("outcome",), ("outcome", "sex")),
    **dict.fromkeys(("ABS_MISSED", "ABS_DEFAULTER", "ABS_LOST", "ABS_INTERRUPTED"), (("service",), *PEOPLE)),
    **dict.fromkeys(("MSG_SENT", "MSG_DLVD", "MSG_PARTS"), (("gateway",),)),
    "MSG_COST": (("currency",), ("currency", "gateway")),
}
SHARES = {
    "ES_REPLY48",
    "ES_ATT7",
    "ES_ATT28",
    "ES_ATT7_NOT",
    "ES_ATT28_NOT",
    "ES_ATT_KNOWN",
    "ES_ATT_KNOWN_NOT",
}
SHARES |= {"ES_TASK_INTIME", "EID_POS_ART", "EID_2M", "EID_12M", "EID_9M", "EID_18M", "EID_FINAL", "MSG_DLVD"}
ONCE = {"ES_REACHED", "ES_RTC", "ES_OPTOUT", "ABS_MISSED", "ABS_DEFAULTER", "ABS_LOST", "ABS_INTERRUPTED"}
HERS = {"age_band", "dreams_band", "sex", "client_type"}


def expected() -> dict[Key, Decimal]:
    """Every figure that is not nought."""
    caseload = read()
    facts = Facts(caseload)
    found: dict[Key, Decimal] = {}
    for period, (first, last) in PERIODS.items():
        for indicator, groups in BY.items():
            if indicator.startswith("ABS_"):
                on = min(last, COUNTED_AT.date())
                some = [one for name, one in absences(facts.women, on) if name == indicator]
            else:
                some = [one for one in facts.of[indicator] if first <= one.on <= last]
            for (place, cell), value in cells(caseload.districts, indicator, groups, some):
                found[indicator, period, place, cell] = value
    return found


def cells(
    districts: dict[str, str], indicator: str, groups: tuple[tuple[str, ...], ...], some: list[Fact]
) -> Iterator[tuple[tuple[str, str], Decimal]]:
    total: tuple[tuple[str, ...], ...] = () if indicator == "MSG_COST" else ((),)
    for place in ("network", *sorted(set(districts.values())), *districts):
        here = [one for one in some if place in ("network", one.site, districts[one.site])]
        for group in total + groups:
            counted = once(here, group) if indicator in ONCE else here
            by_cell: dict[str, list[Fact]] = defaultdict(list)
            for one in counted:
                by_cell[";".join(f"{name}={one.cells.get(name, 'unknown')}" for name in group)].append(one)
            for cell, members in by_cell.items():
                yield (place, cell), worth(indicator, members)


def once(some: list[Fact], group: tuple[str, ...]) -> list[Fact]:
    """Each woman once, as she was on the first day; for each mode or service once."""
    first: dict[tuple[str, ...], Fact] = {}
    for one in sorted(some, key=lambda one: one.on):
        about = tuple(one.cells.get(name, "unknown") for name in group if name not in HERS)
        first.setdefault((one.who, *about), one)
    return list(first.values())


def worth(indicator: str, members: Iterable[Fact]) -> Decimal:
    facts = list(members)
    if indicator in SHARES:
        return Decimal(sum(one.yes for one in facts)) / len(facts)
    if indicator == "ES_TASK_TAT":
        return Decimal(median(one.amount for one in facts)).quantize(Decimal("0.01"))
    if indicator in ("MSG_PARTS", "MSG_COST"):
        return sum((one.amount for one in facts), Decimal(0))
    return Decimal(len(facts))


def main() -> None:
    for key, value in sorted(expected().items()):
        sys.stdout.write("\t".join((*key, str(value))) + "\n")


if __name__ == "__main__":
    main()
