"""Whether a message speaks of danger to a mother or her baby, in English or Sesotho.

The signs are those for pregnancy, birth, the weeks after it and the newborn (WHO: PCPNC, IMCI). Each may be
taken too seriously and none too lightly: what is not recognised here still goes to a person, only later.
Patterns meet folded text: small letters, no accents or apostrophes, single spaces.
"""

import re
from typing import Final

from service.keywords.folding import clauses, folded
from service.keywords.slips import readings

# --- words that mean something together -------------------------------------------------------------------

_NOT: Final = (
    r"not|never|cant|cannot|wont|dont|doesnt|isnt|hasnt|havent|didnt|hardly|unable|refus\w*"
    r"|stopped|without|no"
)
_HA: Final = r"ha|han[ae]\w*|hlolehile|hloleha|sitoa"
_CHILD: Final = (
    r"bab(?:y|ys|ies)|childs?|infant|newborn|toddler|little one|son|daughter|lesea|masea|ngoana|bana"
)
_BABY: Final = f"{_CHILD}|he|she"
_BADLY: Final = (
    r"severe\w*|serious\w*|terribl\w*|unbearabl\w*|extreme\w*|bad|badly|worst?|worse|very|too|so"
    r"|much|a lot|strong"
    r"|killing|non ?stop|haholo|hampe|matla|boholo"
)
_ACHES: Final = (
    r"pain\w*|hurt\w*|ach(?:e|es|ing)|sore|cramp\w*|head ?a[chk]+es?|opa|opang|opeloa|bohloko"
    r"|utloisa|loma|longoa"
)
_GOES_IN: Final = r"drank|drunk|drink|swallow\w*|ate|eaten|took|noele|jele|metsitse"
_POISON: Final = (
    r"jik|paraffin|parafini|bleach|acid|batter(?:y|ies)|petrol|rat ?poison|poison\w*|chef\w*"
    r"|all (?:my|her|the) \w+"
    r"|lipilisi (?:tsohle|tse ngata)|too many"
)

_TOGETHER: Final = (
    (_ACHES, _BADLY),
    (_NOT, r"suck\w*|latch\w*|feeding|feed|feeds|fed|wak(?:e|es|ing)(?: up)?|respond\w*|kick\w*"),
    (_NOT, f"{_BABY}|it", r"eat\w*|drink\w*|milk|breast|breastfeed|mov(?:e|es|ing|ements?)"),
    (_NOT, "feel|felt", r"baby|movements?|moving|kick\w*"),
    (_HA, r"(?:ny)?any[ae]|monya|letsoele|rah[ae]|sisinyeh\w*|tsoh[ae]|\w+ mpeng"),
    (_HA, f"{_CHILD}|le|a|e|o", "j[ae]|no[ae]|lebese"),
    (_HA, "utloe?|utloa|utloahal[ae]", "lesea|ngoana|ho raha"),
    ("less|fewer|reduced|weak|few|slow|gone", r"movements?|kick(?:s|ing)?|moves|moving"),
    (
        _BABY,
        r"vomit\w*|diarr\w*|running (?:stomach|tummy)|hlats\w*|letsollo|floppy|limp|letharg\w*"
        r"|jaundice\w*|yellow|blue|lesehla|mosehla|botala",
    ),
    (_BABY, r"stiff\w*|twitch\w*|jerk\w*|burning|chesa|futhumetse|bata|batang|hampe"),
    (
        _BABY,
        r"too weak|very weak|so weak|(?:is|very|so|too|feels) cold|(?:very|so|too|feels) hot"
        r"|(?:too|very|so) sleepy|hard to wake",
    ),
    (_BABY, r"sleep\w* (?:too much|all day|all the time)|robala (?:feela|haholo)|(?:o|oa|lea) shoa|dying"),
    ("eyes?|mahlo|letlalo|skin", "yellow|lesehla|masehla|mosehla|tsehla"),
    (
        "eyes?|see|seeing|sight|vision|mahlo|bona",
        r"blur\w*|black|dark\w*|stars|spots|double|flash\w*|lefifi|marothol?di",
    ),
    ("see|bone", "cannot|cant|not|ha", "well|properly|clearly|anything|hantle"),
    (
        r"swollen|swell\w*|ruruh\w*",
        r"face|hands?|fingers?|legs?|foot|feet|ankles?|eyes|breasts?|sefahleho|matsoho|leoto|maoto|letsoele",
    ),
    (
        r"waters?|fluids?|metsi",
        r"broke|broken|break\w*|burst\w*|leak\w*|gush\w*|coming|comes?|came|tsoa|tsoile|phatloh\w*"
        r"|thuboh\w*|lutla\w*|phalla\w*",
    ),
    (
        r"smell\w*|foul|stink\w*|nkh\w*",
        r"discharge|waters?|fluid|wound|cord|navel|private|metsi|leqeba|mokhubu|down there",
    ),
    ("red|clots?", r"coming out|navel|cord|hot"),
    (r"wound|operation|leqeba", r"open|opened|red|hot|pus\w*|bulehile"),
    ("leg|calf|leoto", rf"hot|red|{_ACHES}"),
    (r"smell|monko", "bad|below|mobe|hampe|tlase"),
    ("mala|mpa|mpeng", "bohloko|loma|longoa"),
    (_CHILD, r"tepel\w*"),
    ("chest|sefuba", r"tight\w*|heavy|thibane|thiban\w*"),
    (r"dizz\w*|tsekela", r"weak|stand|fall\w*|fell|ema|haholo"),
    ("fell|oele|oa", r"stiff|tiea|tiile|thatafal\w*|shak\w*"),
    (_GOES_IN, _POISON),
    (
        r"delivered|gave birth|born|pepile|belehile|tsoetse",
        "home|road|taxi|just now|lapeng|tseleng|hona joale",
    ),
    (r"kill\w*|hurt\w*|harm\w*", r"my ?self|my baby|the baby|my child"),
    ("end|ending|take|taking", "my (?:own )?life|it all"),
    ("die|dead|shoa", "want|wish|better|if i|wanna|batla|lakatsa|miss"),
    ("live|living|life|phela|bophelo", "dont want|not want|no reason|tired|khathetse|ha ke"),
    ("ho|ke", r"i?p[eo]la[ey]\w*|ikutloisa|inketsa kotsi|ikotla"),
    (r"pains?|mahloko|contraction\w*", r"every|minutes?|metsotso|ho pepa|pelehi|belehi"),
)
"""Signs that are named by words standing together in one clause, in whatever order."""

# --- words that are a sign by themselves, or in their order -----------------------------------------------

_NEAR: Final = r"(?:\w+ ){0,3}"

_SIGNS: Final = (
    r"spotting|bl(?:ee|ea|e|i)d\w*",  # bleeding, bled, and how they are misspelt
    r"blood\w*|blod|blud",
    r"br(?:e|ea|ee)th\w*|suffocat\w*|chok(?:ing|es|ed)|(?:get|enough) air",
    "fits|a fit|(?:is|was|keeps|started) fitting",
    r"convul\w*|s[ei]+[sz]ures?|epilep\w*|shaking|eyes? (?:\w+ )?roll\w*",
    r"uncon(?:sc|ci|si)\w*|faint(?:ed|ing|s)?|collaps\w*|passed out",
    r"f(?:e|ea)v[ae]r\w*|fevr\w*|high temp\w*|temp\w* (?:is |of )?(?:3[89]|4[0-2])"
    r"|bod(?:y|ys) (?:is )?(?:\w+ )?(?:hot|burning)",
    rf"(?:{_BABY}) {_NEAR}hot",
    r"blur\w*|see(?:ing)? stars",
    r"labou?r (?:pains?|started|has|is)|in labou?r|contractions?|giving birth|pushing|to push"
    r"|placenta|afterbirth|bab(?:y|ys) (?:is )?coming",
    rf"(?:{_BABY}) {_NEAR}(?:blue|yellow)|jaundice\w*|puss?",
    r"vomit\w* (?:everything|all|a lot|too much|non ?stop)|hlats\w* (?:tsohle|ntho e ngoe|haholo|khafetsa)",
    r"no (?:\w+ )?(?:movements?|kicks?)|not kicking|stopped (?:moving|kicking)",
    r"su[ei]?[cs]id\w*|(?:want|wish|like|going|better) to die|dying(?! to)|overdos\w*",
    r"kill me|want to disappear|emergency|ambulance|poison\w*|drank (?:jik|paraffin)",
    "mali|madi",
    r"hem(?:a|e|ela|elang|ile)|phefumol\w*|felloa ke moea",
    r"s?[ei]?th?[ow]ath?[ow]a|lith?oath?oa|thothomel\w*",
    r"akheh\w*|idib\w*|ipola\w*",
    r"f[ei]beru\w*|feberi|mocheso|(?:m?mele|mmele) (?:\w+ ){0,3}chesa\w*",
    "mahlaba|a pelehi|bola[dl]u|hard to wake|tsohanyetso|ambulense",
    r"(?:kea|se ke|ntse ke|tlilo|joale ke) (?:\w+ ){0,2}(?:beleh\w*|pepa|pepile)",
)


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b")


_ANY_SIGN: Final = _words("|".join(_SIGNS))
_ALL_OF_SOME: Final = tuple(tuple(map(_words, parts)) for parts in _TOGETHER)

# --- where a word of danger is none -----------------------------------------------------------------------

_HARMLESS: Final = _words(
    r"blood (?:tests?|pressure|results?|samples?|groups?)"
    r"|(?:took|takes?|taking|drew|gave|gives?|giving|donated?) (?:\w+ )?blood"
    r"|how much blood (?:will|do|does) (?:they|you|u|the nurse) take"
    r"|(?:that|this|date|\w+day) fits|it fits(?: (?:me|us|well|my|fine|$)|$)|^fits (?:me|us)|fits (?:in|into)"
    r"|(?:(?<=\w )no|not|without) (?:more |any |longer )?(?:bleeding|blood|fevers?|fits)"
    r"(?! (?:much|a lot|heav\w*|so|too|as|only|but))"
    r"|(?:tlhahlobo|tlhatlhobo|teko|liteko|liphetho|sephetho) (?:ea |tsa |ya |sa )?mali"
    r"|(?:hula|huloa|nka|nkuoa|lekola|lekoa|hlahloba|hlahlojoa) mali"
    r"|ha (?:ho|a|ke|le) (?:sa )?(?:na |tsoe )?(?:mali|feberu)(?! (?:haholo|a mangata))"
)
"""Taken out before the rest is judged.

A few plain denials are among them. ``not bleeding much`` is none, nor is a ``no`` that opens the message:
it may answer the question that was asked.
"""

_LATER: Final = "and"
"""Stands before a clause that is not the first, so that its ``no`` does not open the message."""


def speaks_of_danger(text: str) -> bool:
    """Whether somebody's message holds a sign of danger, as a whole or in one of its clauses."""
    first, *others = clauses(text)
    parts = (first, *(f"{_LATER} {other}" for other in others if other))
    return any(map(_names_a_sign, readings(folded(text)))) or any(
        _names_a_sign(reading) or _puts_together(reading) for said in parts for reading in readings(said)
    )


def _names_a_sign(said: str) -> bool:
    return _ANY_SIGN.search(_HARMLESS.sub("", said)) is not None


def _puts_together(said: str) -> bool:
    left = _HARMLESS.sub("", said)
    return any(all(part.search(left) for part in parts) for parts in _ALL_OF_SOME)
