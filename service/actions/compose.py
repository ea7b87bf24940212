"""From a text's key to the words that one person's phone will show."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select

from service import gsm
from service.actions.roster import who_acts
from service.domain.message import Words
from service.programme import Programme
from service.store.models.people import Person, Site
from service.store.records import ClientRecord, first_name, living_name
from service.store.transaction import Reading
from service.texts import Text, Texts

UNKNOWN: Final = "_unknown"
"""The ending of a text's variant for somebody whom nobody knows."""

THANKS: Final = "weekly_ok_unknown"
"""What is said where a text would need a name or a date and there must be none."""

_SENTENCE_ENDS: Final = re.compile(r"(?<=[.!?]) +")

LONGEST_NAME: Final = 12
"""Septets that a text has room for; all texts are measured with a name of this length."""


@dataclass(frozen=True)
class About:
    """What a text may speak of besides the client herself."""

    day: date | None = None
    infant_id: UUID | None = None
    code: str | None = None


def compose(
    reading: Reading, programme: Programme, key: str, client: ClientRecord, about: About | None = None
) -> Words:
    """The text for a client in her language, for the line that is used first."""
    about = about or About()
    values = {
        "n": client.nickname,
        "m": mentor_name(reading, programme, client),
        "d": programme.texts.day(about.day, client.language) if about.day else "",
        "b": living_name(reading, about.infant_id) or "",
        "c": about.code or client.code,
        "t1": client.safe_times(programme.calendar.safe).starts.strftime("%H:%M"),
        "t2": client.safe_times(programme.calendar.safe).ends.strftime("%H:%M"),
    }
    return _worded(reading, programme, key, client.language, values)


def compose_for_stranger(
    reading: Reading, programme: Programme, key: str, language: str | None = None
) -> Words:
    """A text for a phone that belongs to nobody we know for sure; it has neither name nor date to show."""
    language = language or programme.language
    stranger = key + UNKNOWN if programme.texts.has(key + UNKNOWN) else key
    usual = programme.calendar.safe
    values = {"t1": usual.starts.strftime("%H:%M"), "t2": usual.ends.strftime("%H:%M")}
    if not {*values, "u", "p"}.issuperset(programme.texts.text(stranger, language).fields):
        stranger = THANKS
    return _worded(reading, programme, stranger, language, values)


def compose_for_staff(
    reading: Reading, programme: Programme, key: str, staff_id: UUID, code: str, phone_to_call: str
) -> Words:
    """A text to a member of staff: a client's code and a number to call, never a name or a service."""
    language = reading.connection.scalar(select(Person.language).where(Person.id == staff_id))
    return _worded(reading, programme, key, language or programme.language, {"c": code, "p": phone_to_call})


def compose_for_supporter(
    reading: Reading,
    programme: Programme,
    key: str,
    supporter_id: UUID,
    client: ClientRecord,
    day: date | None = None,
) -> Words:
    """A text to whoever a client chose to help her remember. The client is not named in it."""
    spoken = reading.connection.scalar(select(Person.language).where(Person.id == supporter_id))
    language = spoken or programme.language
    values = {
        "n": first_name(reading, supporter_id) or "",
        "m": mentor_name(reading, programme, client),
        "d": programme.texts.day(day, language) if day else "",
    }
    return _worded(reading, programme, key, language, values)


def mentor_name(reading: Reading, programme: Programme, client: ClientRecord) -> str:
    """The first name of whoever looks after her now, or the team's where nobody does yet."""
    _, owner = who_acts(reading, client.id)
    name = first_name(reading, owner)
    return (name and name_in_texts(programme.texts, name)) or programme.texts.say("team", client.language)


def name_in_texts(texts: Texts, name: str) -> str | None:
    """How texts call a member of staff: by her whole name, or its first word, if it fits and may be said."""
    return next((said for said in (name, *name.split()[:1]) if _may_be_said(texts, said)), None)


def _may_be_said(texts: Texts, name: str) -> bool:
    if texts.gate.name_fault(name):
        return False
    sent = gsm.as_sent(name, texts.languages[0])
    return sent.encoding is gsm.Encoding.GSM7 and sent.units <= LONGEST_NAME


def _worded(
    reading: Reading, programme: Programme, key: str, language: str, values: Mapping[str, str]
) -> Words:
    chosen = fitting(programme, key)
    whole = programme.texts.text(chosen, language)
    text = whole if programme.ussd_code else _without_code(whole)
    everything = {"u": programme.ussd_code, "p": programme.transport_number or "", **values}
    sent = gsm.as_sent(text.filled({name: everything[name] for name in text.fields}), language)
    return Words(
        key=chosen,
        version=whole.version,
        language=language,
        wording=text.wording,
        text=sent.text,
        parts=sent.segments,
        gated=programme.texts.gate.hits(sent.text, text.wording, site_names(reading)),
    )


def _without_code(text: Text) -> Text:
    """The text less the sentences that tell which code to dial, where there is none."""
    return replace(text, text=" ".join(said for said in _SENTENCE_ENDS.split(text.text) if "{u}" not in said))


def fitting(programme: Programme, key: str) -> str:
    """The variant of a text for what this installation lacks: a transport number, a code to dial, replies."""
    lacking = (
        ("_no_number", not programme.transport_number),
        ("_no_code", not programme.ussd_code),
        ("_oneway", not programme.two_way and bool(programme.ussd_code)),
    )
    for suffix, lacks in lacking:
        key += suffix if lacks and programme.texts.has(key + suffix) else ""
    return key


def site_names(reading: Reading) -> tuple[str, ...]:
    """The names of all sites, which no text may contain."""
    return tuple(reading.connection.scalars(select(Site.name)))
