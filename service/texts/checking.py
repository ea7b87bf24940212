"""What is wrong with a folder of texts, all of it at once."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from service.gsm import Encoding, Unsendable, as_sent, downgrade
from service.texts.files import read
from service.texts.medicine import orders
from service.texts.values import VARIANTS, BadTexts, Language, Text, Texts, Tier
from service.wording import Words

WORST_VALUES: Final[Mapping[str, str]] = {
    "n": "M" * 10,  # nickname
    "m": "M" * 12,  # first name or alias of her Mentor Mother
    "b": "M" * 10,  # nickname of the little one
    "u": "*" * 9,  # the code to dial
    "p": "+" * 12,  # a phone number to call
    "c": "0" * 6,  # client code
    "t1": "00:00",
    "t2": "00:00",
}
"""The fields of an SMS, each as long as it may get; ``d`` is the longest day of the language itself."""


def problems(folder: Path | None = None, extra_words: Words = ()) -> list[str]:
    """Every problem in ``folder`` (or in the texts that ship), one sentence each; none means fit for use.

    ``extra_words`` are names of sites, which no text may hold.
    """
    texts, unreadable = read(folder)
    return [*unreadable, *_problems_of(texts, extra_words)]


def load_sound(folder: Path | None = None) -> Texts:
    """The texts in ``folder``, or those that ship. Raises ``BadTexts`` with every problem there is."""
    texts, unreadable = read(folder)
    if wrong := (*unreadable, *_problems_of(texts)):
        raise BadTexts(wrong)
    return texts


def _problems_of(texts: Texts, extra_words: Words = ()) -> Iterator[str]:
    yield from _differences(texts)
    yield from _faults(texts, extra_words)


# --- between languages -----------------------------------------------------------------------------------


def _differences(texts: Texts) -> Iterator[str]:
    keys = dict.fromkeys(key for language in texts.by_language.values() for key in language.texts)
    for key in keys:
        have = {code: language.texts[key] for code, language in _having(texts, key)}
        for code in texts.languages:
            if code not in have:
                yield f"{code}.toml: {key}: the text is missing (it exists in {', '.join(have)})"
        yield from _disagreements(key, have)


def _having(texts: Texts, key: str) -> Iterator[tuple[str, Language]]:
    return ((code, language) for code, language in texts.by_language.items() if key in language.texts)


def _disagreements(key: str, have: Mapping[str, Text]) -> Iterator[str]:
    first, *others = have.items()
    for code, text in others:
        for what, mine, theirs in (
            ("fields", sorted(text.fields), sorted(first[1].fields)),
            ("tier", text.tier.value, first[1].tier.value),
            ("says", text.says, first[1].says),
            ("instead", text.instead, first[1].instead),
        ):
            if mine != theirs:
                yield f"{code}.toml: {key}: {what} {_shown(mine)}, but {_shown(theirs)} in {first[0]}.toml"


def _shown(value: object) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value or "nothing")


# --- within a language -----------------------------------------------------------------------------------


def _faults(texts: Texts, extra_words: Words) -> Iterator[str]:
    for language in texts.by_language.values():
        longest_day = _longest_day(language)
        for key, text in language.texts.items():
            if not text.text:
                continue  # reading has complained of it already
            faults = [*_letters(text, language), *_gated(text, texts, extra_words), *orders(text.text)]
            faults += _variant(text, language)
            if not key.startswith("ussd."):
                faults += _as_sms(text, language, longest_day)
            yield from (f"{language.code}.toml: {key}: {fault}" for fault in faults)


def _letters(text: Text, language: Language) -> Iterator[str]:
    left = downgrade(text.text, language.code).left
    if left and text.encoding is Encoding.GSM7:
        yield f'{" ".join(left)} is not in GSM-7 (say encoding = "UCS-2" if that is meant)'
    if not left and text.encoding is Encoding.UCS2:
        yield "it is marked as UCS-2 and needs GSM-7 alone"


def _gated(text: Text, texts: Texts, extra_words: Words) -> Iterator[str]:
    if text.tier is not Tier.T2:
        for word in texts.gate.hits(text.text, text.wording, extra_words):
            yield f"“{word}” may not be said at tier {text.tier}"


def _as_sms(text: Text, language: Language, longest_day: str) -> Iterator[str]:
    if text.tier is Tier.T2:
        yield "tier T2 is for screens behind a PIN, never for an SMS"
    yield from _size(text, language, longest_day)
    yield from _days(text, language)
    yield from _stand_ins(text, language)


def _size(text: Text, language: Language, longest_day: str) -> Iterator[str]:
    values = {**WORST_VALUES, "d": longest_day}
    unknown = sorted(text.fields - values.keys())
    if unknown:
        yield f"no text has the field {', '.join(unknown)}; fields are {', '.join(sorted(values))}"
        return
    try:
        sent = as_sent(text.text.format_map(values), language.code)
    except Unsendable as refused:
        yield str(refused)
        return
    if sent.segments > 1:
        yield f"{sent.units} units of {sent.encoding} with the longest values, which is {sent.segments} parts"


def _longest_day(language: Language) -> str:
    """In units as sent: an apostrophe for an accent counts."""
    days = (
        language.date.format(weekday=weekday, day="30", month=month)
        for weekday in language.days
        for month in language.months
    )
    return max(days, key=lambda day: as_sent(day, language.code).units)


def _days(text: Text, language: Language) -> Iterator[str]:
    """A text that names today, tomorrow or yesterday must say so, for it is true on one day only."""
    named = {word for word, forms in language.day_words.items() if _holds(text.text, forms)}
    for word in sorted(named - {text.says}):
        yield f'it names {word}; say says = "{word}" so that it goes only when that is true'
    if text.says and text.says not in named:
        yield f"it is marked as naming {text.says}, and does not"


def _holds(text: str, forms: Iterable[str]) -> bool:
    return any(re.search(rf"\b{re.escape(form)}\b", text, re.IGNORECASE) for form in forms)


def _stand_ins(text: Text, language: Language) -> Iterator[str]:
    """The texts that may take the place of this one can be said with no more than its own fields."""
    other = language.texts.get(text.instead)
    if text.instead and not other:
        yield f"instead names {text.instead}, which does not exist"
    if other and other.says:
        yield f"instead names {text.instead}, which is itself true on one day only"
    if other and _TELLS[other.tier] > _TELLS[text.tier]:
        yield f"instead names {text.instead}, which tells more ({other.tier})"
    if other and not other.fields <= text.fields:
        yield f"instead names {text.instead}, which needs {', '.join(sorted(other.fields - text.fields))} too"


def _variant(text: Text, language: Language) -> Iterator[str]:
    """A variant goes wherever its text would have gone, so it says as much of the day and tells no more."""
    base_key = next((text.key.removesuffix(end) for end in VARIANTS if text.key.endswith(end)), text.key)
    base = language.texts.get(base_key)
    if base is None:
        yield f"there is no {base_key} for which it could stand"
    elif base.says != text.says or _TELLS[text.tier] > _TELLS[base.tier]:
        yield f"the day that it says must be that of {base.key}, and its tier no more telling"


_TELLS: Final = {Tier.T0: 0, Tier.OPT_IN: 0, Tier.T1: 1, Tier.ANY: 2, Tier.T2: 3}
"""How much a text of each tier may tell; one goes in the place of another only if it tells no more."""
