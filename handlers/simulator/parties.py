"""The two people whose phones lie on the page: a client and her Mentor Mother."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from service.domain.people import ConsentChannel, Wording
from service.domain.phone import Phone
from service.programme import Programme
from service.reports.phones import ClientRow
from service.store.records import ClientRecord, NumberLink, client, consents_to, first_name, links_of
from service.store.transaction import Reading

_WORDINGS: Final[Mapping[Wording, str]] = {
    Wording.T0: "neutral words",
    Wording.T1: "mother-and-baby words",
    Wording.NONE: "wants no texts",
}


@dataclass(frozen=True)
class Party:
    """``side`` is what the page calls her phone. ``language`` is that of the screens she sees.

    ``usual`` are the texts that she is most likely to send.
    """

    side: str
    role: str
    name: str = field(repr=False)
    phone_id: UUID
    phone: Phone
    language: str
    facts: tuple[str, ...]
    usual: tuple[str, ...]


def parties(reading: Reading, programme: Programme, row: ClientRow) -> tuple[Party, ...]:
    """The client and her Mentor Mother, as far as each has a number."""
    woman = client(reading, row.id)
    return (*_client(reading, programme, woman, row), *_mentor(reading, programme, woman, row))


def _client(reading: Reading, programme: Programme, woman: ClientRecord, row: ClientRow) -> tuple[Party, ...]:
    agrees = consents_to(reading, woman.id, ConsentChannel.SMS)
    safe = woman.safe_times(programme.calendar.safe)
    return tuple(
        Party(
            side="client",
            role="Client",
            name=woman.nickname,
            phone_id=link.phone_id,
            phone=link.phone,
            language=woman.language,
            facts=(
                f"code {woman.code}",
                row.site,
                programme.texts.name(woman.language),
                f"{link.owner} phone",
                "number confirmed" if link.confirmed_at else "number not confirmed",
                "agreed to texts" if agrees else "did not agree to texts",
                _WORDINGS[woman.wording],
                f"texts {safe.starts:%H:%M} to {safe.ends:%H:%M}",
            ),
            usual=("1", "2", "3", "STOP"),
        )
        for link in _first(links_of(reading, woman.id))
        if link.phone
    )


def _mentor(reading: Reading, programme: Programme, woman: ClientRecord, row: ClientRow) -> tuple[Party, ...]:
    if woman.mentor_id is None:
        return ()
    return tuple(
        Party(
            side="mentor",
            role="Mentor Mother",
            name=first_name(reading, woman.mentor_id) or "",
            phone_id=link.phone_id,
            phone=link.phone,
            language=programme.language,
            facts=(row.site, "orders go by client code"),
            usual=("DUE", f"ATT {woman.code}", f"MISS {woman.code}", f"REMIND {woman.code}"),
        )
        for link in _first(links_of(reading, woman.mentor_id))
        if link.phone
    )


def _first(links: tuple[NumberLink, ...]) -> tuple[NumberLink, ...]:
    """The number that texts would go to."""
    return links[:1]
