"""Whether a clause tells us to send no more, whatever its words.

An order that is missed makes texts go where somebody does not want them; one that is taken too seriously is
acknowledged with the way back. A limit (``not at night``) is no order to stop and goes to a person.
Patterns meet folded text: small letters, no accents or apostrophes, single spaces.
"""

import re
from typing import Final

_LED_IN: Final = (
    r"(?:(?:please|pls|plz|kindly|just|ok|okay|hi|hello|hey|sorry|and|so|now|no|can|could|will|you|u|i|we|want|need|told|said"
    r"|to|le|u|ke|kopa|hle|ka|kopo|re|rea|batla|hore|ntate|ausi|mme|lona|sister|sis) )*"
)
"""What may stand before an order."""

_TEXTS: Final = (
    r"(?:send\w*|sent|text\w*|sms\w*|msg\w*|messag\w*|messeg\w*|writ\w*|contact\w*|disturb\w*|bother\w*|remind\w*"
    r"|spam\w*|harass\w*|n?thomell\w*|rom[ae]l\w*|ngoll\w*|melaetsa|molaetsa)"
)
_SOON: Final = r"(?:(?!stop|emis)\w+ ){0,3}"

_ORDER: Final = re.compile(
    rf"{_LED_IN}(?:"
    rf"(?:stop|emis[ae]|emis[ae]ng|khaots[ae]|khaots[ae]ng|tlohel[ae]|tlohel[ae]ng) {_SOON}{_TEXTS}\b.*"
    r"|(?:ho )?(?:emis[ae]|khaots[ae])(?:ng)?"
    rf"|(?:dont|do not|never) (?:ever )?{_SOON}{_TEXTS}\b.*"
    rf"|(?:dont|do not|no longer) (?:want|need|like|wish) {_SOON}{_TEXTS}\b.*"
    rf"|(?:le )?se (?:ke (?:ua|oa|la|le|u) )?(?:hlol[ae] )?(?:le |u |la )?{_TEXTS}\b.*"
    r"|ha (?:ke|re) (?:sa )?(?:batl|hlok)[ae] (?:melaetsa|molaetsa|lona|tsena)\b.*"
    r"|(?:remove|delete|erase) (?:me|my|this) ?(?:number|name|phone|from|off)?\b.*"
    r"|take (?:me|my number|my name) off\b.*"
    r"|ntlos[ae](?:ng)?\b.*|opt (?:me )?out|unsubscribe\b.*"
    r")"
)

_LIMIT: Final = re.compile(
    r"\b(?:at|on|when|before|after|until|while|during|if|unless|yet|without|wrong|someone|another|miss"
    r"|bosiu|hoseng|mantsiboea|neng|feela|call|calls|calling|letsetsa)\b"
)
"""Beside one of these only some texts are unwelcome, or something else is meant."""


def orders_to_stop(clause: str) -> bool:
    """Whether the folded ``clause`` is such an order."""
    return _ORDER.fullmatch(clause) is not None and not _LIMIT.search(clause)
