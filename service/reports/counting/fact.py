"""What figures are made of: one thing that happened to somebody on a day.

Tuples, because millions are made of them: a frozen dataclass takes four times as long.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from service.domain.people import ClientKind, Sex
from service.reports.counting.definitions import Dimension


class Somebody(NamedTuple):
    """Whom a fact is about: a woman under the record that stays of hers, or an infant.

    ``client_type`` is a word of ours; ``delivered_on`` is the day before which she was pregnant.
    """

    id: UUID
    born_on: date | None
    sex: Sex | None
    client_type: str
    delivered_on: date | None = None

    def type_on(self, day: date) -> str:
        """A woman whose child was born since was pregnant then."""
        if self.client_type == ClientKind.BREASTFEEDING and self.delivered_on and day < self.delivered_on:
            return ClientKind.PREGNANT
        return self.client_type


class Fact(NamedTuple):
    """``tags`` are what it counts as (``tags.TAGS``), ``site_id`` where she was in care on that local day.

    ``amount`` is what a sum adds up or a median looks at: parts, millionths of a currency, or seconds.
    """

    subject: Somebody
    site_id: UUID
    on: date
    tags: frozenset[str]
    values: Mapping[Dimension, str] = MappingProxyType({})
    amount: int = 0
