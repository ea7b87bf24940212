"""Who lives through the year: made-up women, drawn from a seed, and taken in by the service's own actions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random
from uuid import UUID

from service.actions import enrol, places, sites, staff
from service.domain.care import VisitKind
from service.domain.people import Choice, ClientKind, ConsentChannel, Role, Wording
from service.domain.phone import Phone
from service.store.transaction import Transaction

WOMEN_TO_A_SITE = 250
STAFF = "+26657"
"""How the numbers of the staff begin."""

REMOTE = 6
"""One of so many lives far away."""

ENROLLED_WITHIN = 56
"""The days over which the women are taken in, from the first day of the year."""


@dataclass(frozen=True)
class Course:
    """Why a woman comes, and how many days lie between her visits."""

    kind: ClientKind
    visit: VisitKind
    every: int
    with_infant: bool = False
    pregnant: bool = False


COURSES = (
    Course(ClientKind.ART, VisitKind.REFILL, 84),
    Course(ClientKind.ART, VisitKind.REFILL, 84),
    Course(ClientKind.ART, VisitKind.REFILL, 168),
    Course(ClientKind.PREGNANT, VisitKind.ANC, 28, pregnant=True),
    Course(ClientKind.BREASTFEEDING, VisitKind.INFANT_TEST, 91, with_infant=True),
)


CHECKS = (*(None,) * 17, Choice.MONTHLY_CHECK_IN, Choice.MONTHLY_CHECK_IN, Choice.WEEKLY_CHECK_IN)
"""Most do not wish to be asked how they are."""


@dataclass(frozen=True)
class Woman:
    """``hours`` are her own, if she chose any. ``agrees`` to texts.

    ``checks`` is how often she wishes to be asked how she is.
    """

    number: int
    course: Course
    language: str
    wording: Wording
    agrees: bool
    hours: tuple[time, time] | None
    enrolled_on: date
    checks: Choice | None = None
    edd: date | None = None

    @property
    def phone(self) -> Phone:
        """Nobody's: the range of the tests (+266 58 1…)."""
        return Phone(f"+266581{self.number:05}")

    @property
    def is_remote(self) -> bool:
        """Whether she lives at a place to which the service comes once a month."""
        return self.number % REMOTE == 0

    @property
    def nickname(self) -> str:
        """Of three digits at most, or it would look like a number. Other letters may spell a gated word."""
        return f"N{self.number:X}"


def women(size: int, first: date, random: Random) -> Iterator[Woman]:
    for number in range(size):
        course = random.choice(COURSES)
        enrolled_on = first + timedelta(days=random.randrange(ENROLLED_WITHIN))
        yield Woman(
            number=number,
            course=course,
            language=random.choice(("en", "st")),
            wording=Wording.T1 if random.random() < 0.3 else Wording.T0,
            agrees=random.random() > 0.05,
            hours=(time(11), time(15)) if random.random() < 0.1 else None,
            enrolled_on=enrolled_on,
            checks=random.choice(CHECKS),
            edd=enrolled_on + timedelta(days=random.randrange(20, 200)) if course.pregnant else None,
        )


@dataclass(frozen=True)
class Team:
    """A site, the Mentor Mother who works there, and a place far away to which they go."""

    site_id: UUID
    mentor_id: UUID
    place_id: UUID


def take_on_team(tx: Transaction, number: int) -> Team:
    site_id = sites.add_site(tx, f"Site {number}", "Berea")
    assert site_id
    sites.activate(tx, site_id)
    on_call = number == 0
    mentor, coordinator = Phone(f"{STAFF}1{number:05}"), Phone(f"{STAFF}2{number:05}")
    for name, phone, role in (
        (f"Lineo{number}", mentor, Role.MENTOR),
        (f"Mosa{number}", coordinator, Role.COORDINATOR),
    ):
        staff.add_staff(tx, staff.NewStaff(name, phone, "en", frozenset({role}), (site_id,), on_call))
    mentor_id = staff.find_staff(tx, f"Lineo{number}")
    assert mentor_id
    return Team(site_id, mentor_id, places.add_place(tx, site_id, f"Place {number}"))


@dataclass(frozen=True)
class Known:
    """A woman as the service knows her, and the infant about whom she comes, if there is one."""

    woman: Woman
    client_id: UUID
    infant_id: UUID | None
    place_id: UUID | None = None

    @property
    def subject_id(self) -> UUID:
        return self.infant_id or self.client_id


def take_in(tx: Transaction, woman: Woman, team: Team) -> Known:
    consents = {ConsentChannel.CALL, ConsentChannel.VISIT} | ({ConsentChannel.SMS} if woman.agrees else set())
    starts, ends = woman.hours or (None, None)
    client_id = enrol.enrol_client(
        tx,
        enrol.NewClient(
            phone=woman.phone,
            nickname=woman.nickname,
            language=woman.language,
            site_id=team.site_id,
            enrolled_on=woman.enrolled_on,
            consents=frozenset(consents),
            phone_confirmed=True,
            mentor_id=team.mentor_id,
            kind=woman.course.kind,
            wording=woman.wording,
            safe_from=starts,
            safe_to=ends,
            edd=woman.edd,
        ),
    )
    infant_id = None
    if woman.course.with_infant:
        born_on = woman.enrolled_on - timedelta(days=28)
        infant_id = enrol.enrol_infant(
            tx, enrol.NewInfant(client_id, f"B{woman.number:X}", born_on), woman.language
        )
    if woman.is_remote:
        places.link(tx, team.place_id, {client_id})
    return Known(woman, client_id, infant_id, team.place_id if woman.is_remote else None)
