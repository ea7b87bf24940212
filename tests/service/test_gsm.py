import unicodedata

import pytest
import sms_toolkit
import smsutil
from gsm0338 import Codec
from hypothesis import given
from hypothesis import strategies as st

from service.gsm import (
    BASIC,
    EXTENSION,
    LARGEST_PARTS,
    AsSent,
    Encoding,
    Measured,
    Unsendable,
    as_sent,
    downgrade,
    measure,
)

GSM7, UCS2 = Encoding.GSM7, Encoding.UCS2
SESOTHO = "Lumela 'm'e. Tšela metsi a hloekileng."

CASES = {
    "a full part": ("a" * 160, Measured(GSM7, 160, 1)),
    "one too many": ("a" * 161, Measured(GSM7, 161, 2)),
    "two full parts": ("a" * 306, Measured(GSM7, 306, 2)),
    "two and one": ("a" * 307, Measured(GSM7, 307, 3)),
    "escapes fill a part": ("^" * 80, Measured(GSM7, 160, 1)),
    "escapes overflow": ("^" * 81, Measured(GSM7, 162, 2)),
    "an escape ends a part": ("a" * 158 + "|", Measured(GSM7, 160, 1)),
    "an escape overflows": ("a" * 159 + "|", Measured(GSM7, 161, 2)),
    "a full wide part": ("ÿ" * 70, Measured(UCS2, 70, 1)),
    "one wide too many": ("ÿ" * 71, Measured(UCS2, 71, 2)),
    "two full wide parts": ("ÿ" * 134, Measured(UCS2, 134, 2)),
    "two wide and one": ("ÿ" * 135, Measured(UCS2, 135, 3)),
    "s with caron": ("š" * 70, Measured(UCS2, 70, 1)),
    "one letter turns all": ("a" * 159 + "š", Measured(UCS2, 160, 3)),
    "an emoji is two": ("😀" + "]" * 68, Measured(UCS2, 70, 1)),
    "Sesotho as written": (SESOTHO, Measured(UCS2, 38, 1)),
    "Sesotho as sent": (SESOTHO.replace("š", "s'"), Measured(GSM7, 39, 1)),
    # 152 septets, a pair that would straddle, 152 more: ceil(306 / 153) would say 2.
    "a straddling escape moves on": ("a" * 152 + "€" + "a" * 152, Measured(GSM7, 306, 3)),
    "a straddling emoji moves on": ("š" * 66 + "😀" + "š" * 66, Measured(UCS2, 134, 3)),
    "the longest": ("a" * 153 * LARGEST_PARTS, Measured(GSM7, 39015, LARGEST_PARTS)),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_a_text_is_measured_as_networks_count(text: str, expected: Measured) -> None:
    assert measure(text) == expected


@pytest.mark.parametrize("text", ["", "a" * 153 * 255 + "a", "š" * 67 * 255 + "š", "broken \ud83d"])
def test_what_no_message_can_carry_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(Unsendable, match=r"^The text .+\.$"):
        measure(text)


def test_a_refusal_is_a_value_error() -> None:
    assert issubclass(Unsendable, ValueError)


# --- against other implementations -----------------------------------------------------------------------

_CODEC = Codec()
_MIXED = st.text(st.sampled_from(BASIC + EXTENSION + "aaaa€€[]"), min_size=1, max_size=900)
_WIDE = st.text(st.sampled_from("aš😀é€\u4e2d"), min_size=1, max_size=450)
_ANY = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=450)
_ESCAPE = "\x1b"  # a code of the alphabet for them; for us no character, since it shows nothing


@given(st.one_of(_MIXED, _ANY).filter(lambda text: _ESCAPE not in text))
def test_the_alphabet_and_the_septets_are_those_of_gsm0338(text: str) -> None:
    try:
        septets = len(_CODEC.encode(text)[0])
    except UnicodeEncodeError:
        assert measure(text).encoding is UCS2
    else:
        assert (measure(text).encoding, measure(text).units) == (GSM7, septets)


def test_every_character_of_the_first_planes_is_judged_as_gsm0338_judges() -> None:
    ours = {chr(code) for code in range(0x3000) if measure(chr(code)).encoding is GSM7}
    assert ours == set(BASIC + EXTENSION)
    assert len(_CODEC.encode("".join(sorted(ours)))[0]) == len(BASIC) + 2 * len(EXTENSION)


@given(st.one_of(_MIXED, _WIDE, _ANY))
def test_the_parts_are_those_of_smsutil(text: str) -> None:
    assert measure(text).segments == len(smsutil.split(text).parts)


@given(st.one_of(_MIXED, _WIDE, _ANY))
def test_the_parts_are_those_of_sms_toolkit(text: str) -> None:
    assert measure(text).segments == sms_toolkit.profile_message(text)["num_segments"]


# --- downgrading -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Tšepo", "Ts'epo"),
        ("motšeanong", "mots'eanong"),
        ("TŠEPO", "TS'EPO"),
        ("Ts\u030cepo", "Ts'epo"),
        ("ho šoa", "ho soa"),
        ("‘m’e ʼm´e `m`e", "'m'e 'm'e 'm'e"),
        ("“ho” «ho» „ho“", '"ho" "ho" "ho"'),
        ("a – b — c ‑ d − e", "a - b - c - d - e"),
        ("ema…", "ema..."),
        ("a\u00a0b\tc\u2009d\u202fe", "a b c d e"),
        ("a\u200bb\ufeffc\u00add\u2060e", "abcde"),
        ("\u202a+266 58\u202c", "+266 58"),
        ("ē ō ê ô á ó í ú ç ḱ ǵ", "e o e o a o i u c k g"),
        ("Łōdź", "Lodz"),
        ("n\u0304a", "na"),
        ("à è ò é ù ì ñ Ñ Ç É €", "à è ò é ù ì ñ Ñ Ç É €"),
        ("a\u0300", "à"),
        ("[~] {x} \\ ^ | @ _ ¿ Δ \n", "[~] {x} \\ ^ | @ _ ¿ Δ \n"),
    ],
)
def test_what_gsm_lacks_goes_in_its_plain_form(written: str, sent: str) -> None:
    answer = as_sent(written, "st")
    assert (answer.text, answer.encoding) == (sent, GSM7)


def test_a_sesotho_name_in_an_english_text_is_spelt_as_in_sesotho() -> None:
    assert as_sent("Hello Tšepo", "en").text == "Hello Ts'epo"


def test_a_language_without_own_spellings_keeps_base_letters() -> None:
    assert as_sent("tšibo", "fr").text == "tsibo"


def test_what_was_replaced_is_named_once_in_order() -> None:
    assert downgrade("‘Tšela’ ‘šela", "st").replaced == ("‘", "Tš", "’", "š")


def test_nothing_is_named_when_nothing_was_replaced() -> None:
    assert as_sent("Lumela", "st") == AsSent("Lumela", GSM7, 6, 1, (), ())


@pytest.mark.parametrize("text", ["Tšela 😀", "H₂O", "x ≠ y", "мать", "½ …", "👩\u200d👧 ‘m’e"])
def test_a_text_that_cannot_be_plain_keeps_its_own_letters(text: str) -> None:
    answer = as_sent(text, "st")
    assert (answer.text, answer.encoding, answer.replaced) == (text, UCS2, ())
    assert answer.left


def test_what_cannot_be_plain_is_named() -> None:
    assert downgrade("Tšela 😀 中 😀", "st").left == ("😀", "中")


def test_a_text_of_nothing_but_invisible_characters_is_empty() -> None:
    with pytest.raises(Unsendable, match="empty"):
        as_sent("\u200b\ufeff", "st")


@given(_ANY | _MIXED)
def test_no_question_mark_is_ever_made(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert downgrade(text, "st").text.count("?") == composed.count("?")


@given(_ANY | _MIXED)
def test_downgrading_again_changes_nothing(text: str) -> None:
    once = downgrade(text, "st")
    again = downgrade(once.text, "st")
    assert (again.text, again.replaced) == (once.text, ())


@given(_MIXED)
def test_what_gsm_has_is_never_touched(text: str) -> None:
    assert downgrade(text, "st").text == text


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=100).filter(str.strip))
def test_what_is_sent_is_measured_as_it_is_sent(text: str) -> None:
    try:
        answer = as_sent(text, "st")
    except Unsendable:
        assert not downgrade(text, "st").text
        return
    assert Measured(answer.encoding, answer.units, answer.segments) == measure(answer.text)
