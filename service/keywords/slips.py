"""The ways in which a message may have been meant: no slip of a thumb and no spelling may hide a meaning."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

_SHORT: Final[Mapping[str, str]] = {
    **dict.fromkeys(("u", "yu"), "you"),
    **dict.fromkeys(("ur", "yo"), "your"),
    **dict.fromkeys(("dis", "ths", "diz"), "this"),
    **dict.fromkeys(("dnt", "donot"), "dont"),
    **dict.fromkeys(("txt", "tekst"), "text"),
    **dict.fromkeys(("txts", "teksts"), "texts"),
    **dict.fromkeys(("kol", "cal", "col", "kall"), "call"),
    **dict.fromkeys(("nr", "num", "nmbr", "nmr", "numba"), "number"),
    **dict.fromkeys(("bby", "bebi", "babby"), "baby"),
    **dict.fromkeys(("cnt", "kant"), "cant"),
    **dict.fromkeys(("hav", "hv"), "have"),
    "r": "are",
    "wil": "will",
    "bak": "back",
    "fon": "phone",
    "wen": "when",
    "d": "the",
    "da": "the",
    "2moro": "tomorrow",
}
"""How people shorten English words to save their thumbs."""


def _words(table: str) -> tuple[str, ...]:
    return tuple(table.split())


_OFTEN_MISSPELT: Final = _words("""
    ambulance bleeding breathe breathing collapsed contractions convulsion convulsions convulsing discharge
    emergency feeding headache headaches jaundice jerking kicking labour messages movement movements moving
    number paraffin poison pregnant seizure seizures shaking stomach suicide swallowed swollen unconscious
    unsubscribe vomiting vomits
    akhehile bohloko feberu haholo hlooho idibetse ipolaea letsatsi letsollo mahlaba melaetsa ntetsetse
    nthomella phatlohile phefumoloha sethoathoa sisinyehe thothomela
""")

OTHER_WORDS: Final = frozenset(
    _words("""
        discharged feeling feelings heeding licking loving lumber massage massages needing picking prison
        seeding sharing shaving slumber sticking ticking woollen
    """)
)
"""Words in their own right that are one slip away from one of those."""

_SHORTEST: Final = 6
"""Letters; shorter words have too many neighbours."""

_SOUTH_AFRICAN: Final = ((re.compile(r"(?<=[b-df-hj-np-tv-z])w(?=[aeio])"), "o"), (re.compile("kg"), "kh"))
_DOUBLED: Final = re.compile(r"([a-z])\1")


def readings(said: str) -> tuple[str, ...]:
    """The folded text ``said`` as it stands and as it may have been meant; each reading comes once.

    Mended of slips and shortenings, then in the spelling of Lesotho (``ngwana`` is ``ngoana``).
    """
    mended = " ".join(map(_mended, said.split()))
    in_lesotho = mended
    for written, spelt in _SOUTH_AFRICAN:
        in_lesotho = written.sub(spelt, in_lesotho)
    return tuple(dict.fromkeys((said, mended, in_lesotho)))


def without_doubles(said: str) -> str:
    """``helpp`` as it was meant; because it spoils other words, this serves for a bare answer only."""
    return _DOUBLED.sub(r"\1", said)


def _mended(word: str) -> str:
    if word in _SHORT:
        return _SHORT[word]
    if len(word) < _SHORTEST - 1 or word in OTHER_WORDS or word in _OFTEN_MISSPELT:
        return word
    return next((_ONE_SLIP_FROM[part] for part in _parts(word) if part in _ONE_SLIP_FROM), word)


def _parts(word: str) -> Iterator[str]:
    """The word, and what is left of it without any one letter.

    Two words that have such a part in common are one slip apart: a letter dropped, added, taken for another
    or changed with its neighbour.
    """
    yield word
    yield from (word[:place] + word[place + 1 :] for place in range(len(word)))


_ONE_SLIP_FROM: Final[Mapping[str, str]] = {part: word for word in _OFTEN_MISSPELT for part in _parts(word)}
