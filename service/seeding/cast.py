"""Who is in the demonstration. Everybody is made up, and no telephone can have their numbers.

All numbers lie in +1 202 555 0100 to 0199, a range that the North American Numbering Plan keeps free for
fiction, because Lesotho keeps none: whatever begins with +266 5 or 6 may ring in somebody's pocket. Our own
reader takes them for well-formed numbers. A provider refuses them, and so does an installation with the
usual list of allowed destinations.
"""

from dataclasses import dataclass
from typing import Final

from service.domain.care import VisitKind
from service.domain.people import ClientKind, PhoneOwner, Role, Wording
from service.domain.phone import Phone

FICTION: Final = "+120255501"
"""The beginning of every number here, followed by two digits."""

CODE: Final = "*123#"
"""What the made-up phones dial."""

TRANSPORT: Final = FICTION + "99"
ON_CALL: Final = "Mosa"


def phone(ending: int) -> Phone:
    """One of the hundred numbers that nobody has."""
    return Phone(f"{FICTION}{ending:02}")


@dataclass(frozen=True)
class Place:
    """A site, the district that it is in, and the Mentor Mother who works there."""

    district: str
    site: str
    mentor: str
    ending: int


PLACES: Final = (
    Place("Maseru", "Maseru practice site", "Lineo", 11),
    Place("Berea", "Berea practice site", "Limpho", 12),
    Place("Leribe", "Leribe practice site", "Nthabi", 13),
    Place("Mafeteng", "Mafeteng practice site", "Puleng", 14),
    Place("Mohale's Hoek", "Mohale's Hoek practice site", "Mamello", 15),
)
ON_CALL_ENDING: Final = 10


@dataclass(frozen=True)
class Desk:
    """Somebody who works with the pages, at all sites."""

    name: str
    role: Role
    ending: int


DESKS: Final = (
    Desk(ON_CALL, Role.COORDINATOR, ON_CALL_ENDING),
    Desk("Thuto", Role.ME, 16),
    Desk("Rorisang", Role.ADMIN, 17),
    Desk("Khotso", Role.AUDITOR, 18),
)
"""The first of them is on call."""

PIN: Final = "251946"
PASSWORD: Final = "practice-only"  # noqa: S105 - of made-up people, on a database that meets nobody real
DEVICE_CODE: Final = "71940625"
TOTP_KEY: Final = "KHOPOTSOPRACTICEONLY2345KHOPOTSO"
"""What every one of them types, so that whoever tries the pages can."""


@dataclass(frozen=True)
class Made:
    """A made-up client. ``case`` says in a few words what she shows.

    Days are counted from today. ``missed`` are the ``visits`` to which she did not come, ``silent`` those of
    which nobody wrote down anything. ``says`` are texts from her phone: the day and the words.
    """

    name: str
    district: str
    ending: int
    case: str
    visits: tuple[int, ...]
    language: str = "st"
    kind: ClientKind = ClientKind.ART
    visit_kind: VisitKind = VisitKind.REFILL
    wording: Wording = Wording.T0
    owner: PhoneOwner = PhoneOwner.OWN
    agrees: bool = True
    confirmed: bool = True
    baby: str | None = None
    missed: tuple[int, ...] = ()
    silent: tuple[int, ...] = ()
    says: tuple[tuple[int, str], ...] = ()
    days_supplied: int | None = None


CLIENTS: Final = (
    Made(
        "Palesa", "Maseru", 21, "own phone, English", (-49, -21, 7),
        language="en", kind=ClientKind.PREGNANT, visit_kind=VisitKind.ANC, says=((-28, "1"), (-22, "1")),
    ),
    Made("Thato", "Maseru", 22, "own phone, Sesotho", (-27, 1), says=((-34, "E"),)),
    Made("Neo", "Maseru", 23, "agreed to calls, not to texts", (-28, 8), agrees=False),
    Made("Keneuoe", "Maseru", 24, "number not confirmed yet", (9,), confirmed=False),
    Made("Lerato", "Berea", 31, "shares a phone with Mosele", (-24, 3), owner=PhoneOwner.SHARED),
    Made("Mosele", "Berea", 31, "shares a phone with Lerato", (-22, 6), owner=PhoneOwner.SHARED),
    Made(
        "Refiloe", "Berea", 32, "agreed to mother-and-baby words", (-30, 2),
        language="en", kind=ClientKind.PREGNANT, visit_kind=VisitKind.ANC, wording=Wording.T1,
    ),
    Made("Karabo", "Berea", 33, "missed yesterday's visit", (-29, -1), missed=(-1,)),
    Made(
        "Tebello", "Leribe", 41, "her baby's visit", (-18, 4),
        kind=ClientKind.BREASTFEEDING, visit_kind=VisitKind.INFANT_TEST, baby="Katleho",
    ),
    Made(
        "Rethabile", "Leribe", 42, "her baby's vaccines, mother-and-baby words", (-31, 11), language="en",
        kind=ClientKind.BREASTFEEDING, visit_kind=VisitKind.VACCINE, wording=Wording.T1, baby="Tumelo",
    ),
    Made("Itumeleng", "Leribe", 43, "nobody wrote down whether she came", (-33, -2), silent=(-2,)),
    Made(
        "Boitumelo", "Mafeteng", 51, "said stop", (-36, -8, 5),
        language="en", says=((-15, "STOP"),),
    ),
    Made(
        "Bohlokoa", "Mafeteng", 52, "wrote words that only a person understands", (-26, 10),
        says=((-1, "Ke kopa ho bua le uena ka taba e ncha"),),
    ),
    Made("Teboho", "Mafeteng", 53, "asked for a call", (-20, 12), says=((-1, "3"),)),
    Made("Mamolefe", "Mohale's Hoek", 61, "chose to get no texts at all", (-23, 8), wording=Wording.NONE),
    Made("Khahliso", "Mohale's Hoek", 62, "comes every 84 days", (-56, 28), language="en", days_supplied=84),
    Made(
        "Seipati", "Mohale's Hoek", 63, "asked for another day", (-28, 5), says=((-1, "2"),),
    ),
)  # fmt: skip
