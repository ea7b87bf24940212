"""How much a text may say to a client: she chooses, and every doubt makes it more discreet."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from service.domain.people import ClientKind, PhoneOwner, Wording

ADULT: Final = 18
"""Full years; the age at which a person stops being a child under Lesotho's Data Protection Act 2012."""


DISCREET_FIRST: Final = (Wording.NONE, Wording.T0, Wording.T1)
"""From the wording that tells nothing to the most telling one."""


@dataclass(frozen=True)
class Circumstances:
    """What bears on the words for one client at one number.

    ``informed``: the script that was read to her when she agreed to texts told her of the words that T1 uses.
    ``owner`` and ``confirmed`` are about the number, ``others`` counts the other clients reached there. What
    is not known (``age`` in full years, ``owner``) is ``None``. ``a_person_first``: somebody must tell her
    something about a child of hers before any text speaks of a baby.
    """

    chosen: Wording
    informed: bool
    owner: PhoneOwner | None
    confirmed: bool
    others: int
    kind: ClientKind
    age: int | None
    a_person_first: bool = False


def wording_for(known: Circumstances) -> Wording:
    """The most telling wording of any text to her: what she chose, T0 where anything speaks against T1."""
    return Wording.T0 if known.chosen is Wording.T1 and _doubtful(known) else known.chosen


def _doubtful(known: Circumstances) -> bool:
    hers_alone = known.owner is PhoneOwner.OWN and known.confirmed and known.others == 0
    return known.a_person_first or not (known.informed and hers_alone and _grown_up(known))


def _grown_up(known: Circumstances) -> bool:
    """Young women of whom nobody wrote down when they were born are taken for minors; others are not."""
    if known.age is None:
        return known.kind is not ClientKind.AGYW
    return known.age >= ADULT


def full_years(born_on: date, today: date) -> int:
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))
