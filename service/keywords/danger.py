"""Whether a message speaks of danger to a mother or her baby, in English or Sesotho.

The signs are those for pregnancy, birth, the weeks after it and the newborn (WHO: PCPNC, IMCI). Each may be
taken too seriously and none too lightly: what is not recognised here still goes to a person, only later.
Patterns meet folded text: small letters, no accents or apostrophes, single spaces.
"""

import re
from typing import Final

_BABY: Final = "(?:babys?|child|infant|newborn|he|she)"
_LESEA: Final = "(?:lesea|ngoana|ngwana)"
_FEW: Final = r"(?:\w+ ){0,3}"
_TWO: Final = r"(?:\w+ ){0,2}"
_NOT: Final = (
    "(?:not|never|cant|cannot|can not|wont|will not|dont|do not|doesnt|does not|isnt|hasnt|has not|havent"
    r"|have not|didnt|did not|hardly|unable|refus\w*)"
)
_HEADACHE: Final = r"head ?ac?h?c?es?"
_VERY: Final = r"severe\w*|serious\w*|terribl\w*|unbearabl\w*|extreme\w*|bad|too much"
_SEVERE: Final = rf"(?:{_VERY}|strong|worst|a lot of)"
_SEVERELY: Final = rf"(?:{_VERY}|badly|so much|very much|a lot|worse|haholo|hampe)"

_ENGLISH: Final = (
    r"bl(?:ee|ea|e|i)d\w*",  # bleeding, bled, and how they are misspelt
    r"blood\w*|blod|blud",
    r"br(?:e|ea|ee)th\w*|suffocat\w*|chok(?:ing|es|ed)",
    "fits|a fit|(?:is|was|keeps|started) fitting",
    r"convul\w*|s[ei]+[sz]ures?|epilep\w*",
    r"uncon(?:sc|ci|si)\w*|faint(?:ed|ing|s)?|collaps\w*|passed out",
    rf"{_NOT} (?:wak\w*|respond\w*)",
    rf"{_SEVERE} {_TWO}(?:{_HEADACHE}|pains?)|very (?:painful|bad pains?|sore)",
    rf"(?:{_HEADACHE}|pains?|painful|paining) {_TWO}{_SEVERELY}",
    rf"head (?:is )?(?:hurt\w*|ach\w*|sore) {_TWO}{_SEVERELY}",
    rf"f(?:e|ea)v[ae]r\w*|fevr\w*|high temp\w*|{_BABY} {_FEW}hot|body (?:is )?(?:\w+ )?hot",
    r"blur\w*|(?:cannot|cant) see (?:well|properly|anything)",
    r"waters? (?:\w+ )?(?:broke|broken|breaking|burst)|broke my waters?",
    "in labou?r|labou?r pains?|contractions?",
    rf"(?:smelly|smelling|foul|stinking) (?:\w+ )?discharge|discharge {_TWO}(?:smel\w*|foul|stink\w*)",
    r"no movements?|no kicks?|not kicking|(?:less|reduced) movements?|stopped (?:moving|kicking)",
    rf"(?:{_BABY}|it) {_FEW}{_NOT} (?:\w+ )?(?:mov\w*|kick\w*)(?! (?:to|from|house))",
    rf"{_NOT} (?:feel|felt) {_TWO}(?:baby|movements?|moving|kicks?|kicking)",
    rf"(?:{_BABY}|it) {_FEW}{_NOT} {_TWO}(?:\w*feed\w*|suck\w*|eat\w*|drink\w*|latch\w*|breast)",
    r"(?:not|stopped) (?:feeding|sucking|suckling)|stopped (?:eating|drinking)",
    rf"jaundice\w*|{_BABY} {_FEW}yellow|yellow (?:\w+ )?(?:baby|eyes|skin)|eyes are yellow|pus",
    rf"{_BABY} {_FEW}(?:very weak|too weak|limp|lethargic|blue|(?:very|so|too|feels) cold)",
    r"su[ei]?[cs]id\w*|end(?:ing)? my (?:own )?life|take my (?:own )?life",
    r"(?:kill|hurt|harm)(?:ing)? (?:my ?self|my baby|the baby|my child)",
    r"(?:want|wish|like|going|better) to die|wanna die|dying(?! to)",
    r"emergency|ambulance|poison\w*|overdos\w*",
)

_SESOTHO: Final = (
    "mali|madi",
    r"hem(?:a|e|ela|elang|ile)|phefumolo\w*",
    r"s?[ei]?th?[ow]ath?[ow]a|lith?oath?oa|thothomela",
    r"akheh\w*|idib\w*|ha (?:a|le) tsohe",
    r"f[ei]beru\w*|feberi|na le mocheso|mocheso o (?:holimo|phah\w*)",
    rf"(?:mele|mmele) {_FEW}chesa\w*|{_LESEA} (?:\w+ )?(?:oa|o a|lea|le a) chesa",
    rf"hloo?ho {_FEW}(?:haholo|hampe)",
    rf"(?:mala|mpa|popelo) {_FEW}(?:opa|bohloko|loma) (?:\w+ )?(?:haholo|hampe)",
    "mahlaba|bohloko (?:bo boholo|haholo)",
    r"ha (?:le|a|e|ke) (?:sa )?(?:\w+ )?(?:sisinyeh\w*|rah[ae])|ha ke (?:sa )?utloe? (?:lesea|ngoana)",
    "ha (?:le|a|e) (?:sa )?(?:any[ea]|j[ea]|no[ea])",
    rf"ha (?:le|a|e) (?:sa )?(?:batl|khon|kgon)[ae] {_TWO}(?:anya|ja|noa)",
    r"han\w* (?:ho )?(?:anya|ja|noa)|(?:hlolehile|hloleha|sitoa) ho anya",
    r"metsi (?:\w+ )?(?:phatloh|thuboh)\w*|phatlohile metsi",
    r"ipola\w*|(?:batla|lakatsa) ho (?:shoa|shwa|bolaea)",
    rf"{_LESEA} {_FEW}(?:lesehla|mosehla|tsehla)|(?:mahlo|letlalo) {_FEW}(?:masehla|lesehla)",
    "ha ke bone hantle|boladu|chefo|tsohanyetso|ambulense",
)

_DANGER: Final = re.compile(rf"\b(?:{'|'.join(_ENGLISH + _SESOTHO)})\b")

_HARMLESS: Final = re.compile(
    r"\b(?:"
    r"blood (?:tests?|pressure|results?|samples?|groups?)"
    r"|(?:that|this|date|\w+day) fits|it fits(?: (?:me|us|well|my|fine|$)|$)|^fits (?:me|us)"
    r"|(?:(?<=\w )no|not|without) (?:more |any |longer )?(?:bleeding|blood|fevers?|fits)"
    r"(?! (?:much|a lot|heav\w*|so|too|as|only|but))"
    r"|(?:tlhahlobo|tlhatlhobo|teko|liteko|liphetho|sephetho) (?:ea |tsa |ya |sa )?mali"
    r"|(?:hula|huloa|nka|nkuoa|lekola|lekoa|hlahloba|hlahlojoa) mali"
    r"|ha (?:ho|a|ke|le) (?:sa )?(?:na |tsoe )?(?:mali|feberu)(?! (?:haholo|a mangata))"
    r")\b"
)
"""Where a word of danger is none; these are taken out before the rest is judged.

A few plain denials are among them. ``not bleeding much`` is none, nor is a ``no`` that opens the message:
it may answer the question that was asked.
"""


def speaks_of_danger(said: str) -> bool:
    """Whether the folded text ``said`` holds a sign of danger."""
    return _DANGER.search(_HARMLESS.sub("", said)) is not None
