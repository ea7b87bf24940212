"""What was counted in a year, in one world or in several together."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from service.domain.care import VisitState
from tests.year import proof
from tests.year.book import Gathering
from tests.year.year import Year


@dataclass
class Figures:
    """``wrong`` is what did not hold, and should be empty."""

    women: int = 0
    births: int = 0
    nights: int = 0
    proved: int = 0
    visits: int = 0
    texts: int = 0
    of_visits: Counter[str] = field(default_factory=Counter)
    of_misses_at_risk: Counter[str] = field(default_factory=Counter)
    of_outreach: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(**{name: value + getattr(other, name) for name, value in vars(self).items()})


def figures(year: Year) -> Figures:
    book = year.book
    return Figures(
        women=len(book.people),
        births=len(year.world.mothers),
        nights=year.nights,
        proved=year.proved,
        visits=len(book.visits),
        texts=len(book.left),
        of_visits=Counter(dict(_of_visits(year))),
        of_misses_at_risk=year.parts.store.read(lambda reading: proof.ends_of_misses_at_risk(reading, book)),
        of_outreach=sum(map(_of_gathering, book.gatherings.values()), Counter()),
        said=Counter({str(sense): number for sense, number in year.watch.senses.items()}),
        wrong=list(year.wrong),
    )


def _of_visits(year: Year) -> Iterator[tuple[str, int]]:
    """The outcomes as they were recorded; one visit may have several."""
    book = year.book
    visits = book.visits.values()
    recorded = Counter(state for visit in visits for _, state in visit.outcomes)
    yield "attended", recorded[VisitState.ATTENDED]
    yield "missed", recorded[VisitState.MISSED]
    yield "cancelled", recorded[VisitState.CANCELLED]
    yield "never recorded", book.unrecorded(year.size.last)
    yield "moved", sum(len(visit.days) - 1 for visit in visits)
    yield "moved back", sum(visit.times_back for visit in visits)


def _of_gathering(one: Gathering) -> Counter[str]:
    return Counter(
        {
            "days set": 1,
            "days called off": int(one.is_off),
            "days moved": len(one.days) - 1,
            "days held": int(one.came is not None),
            "invitations": one.invitations,
            "said or were brought to come": len(one.coming),
            "said no": len(one.staying),
            "came": one.came or 0,
            "visits brought": len(one.brought),
        }
    )


def lines(found: Figures) -> list[str]:
    return [
        f"{found.women} women, {found.births} births, {found.nights} nights looked at, "
        f"{found.proved} proved by the service",
        f"{found.visits} visits: {_counted(found.of_visits)}",
        f"misses that cannot wait: {_counted(found.of_misses_at_risk)}",
        f"outreach: {_counted(found.of_outreach)}",
        f"{found.texts} texts left, to staff and answers included; of the others:",
        *(f"  {number} say {sense}" for sense, number in found.said.most_common()),
        f"{len(found.wrong)} violations",
        *found.wrong[:50],
    ]


def _counted(numbers: Counter[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in numbers.items())
