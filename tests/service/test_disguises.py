"""However a gated word is written, it does not get out; and innocent words do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.people import Wording
from service.texts import load
from service.wording import STRANGE, Gate, NameFault

TEXTS = load()
GATE: Gate = TEXTS.gate

_LISTED = sorted({word.rstrip("*") for tier in GATE.refused.values() for word in tier})
_ALWAYS = sorted({word.rstrip("*") for word in GATE.refused[Wording.T1]})

_LOOK_ALIKE = {
    shapes[0]: shapes[1:]
    for shapes in (
        *("aаɑαáäåāᴀａ𝐚Ⓐ4@", "bьвβḃʙｂ𝐛8", "cсϲçćᴄｃ𝐜(<", "dԁđďᴅｄ", "eеεéëēᴇｅ3€", "fḟｆ𝐟", "gɡğɢｇ𝐠69"),
        *("hһнħʜｈ𝐡", "iіιíïıɪｉ1!|¡", "jјȷｊ", "kкκķᴋｋ", "lⅼӏłʟｌ1|£", "mмμṁᴍｍ", "nпηñɴｎ", "oоοóöøᴏｏ0"),
        *("pрρṗᴘｐ", "qԛｑ9", "rгŕʀｒ", "sѕśšşｓ5$§", "tτтťŧᴛｔ7+", "uυúüᴜｕ", "vѵνᴠｖ", "wԝŵᴡｗ", "xхχｘ"),
        *("yуγýｙ", "zᴢžｚ2"),
    )
}
"""Written down from the shapes of letters, and not from what the gate knows of them."""

_BETWEEN = ("", "", "", " ", ".", "-", "_", "/", "'", "·", "\u200b", "\u00ad", "\u2060", "\u0301", "  ")


@st.composite
def _disguised(draw: st.DrawFn, words: list[str]) -> str:
    """A listed word with letters exchanged for what looks like them, in any case, cut into pieces."""
    word = draw(st.sampled_from(words))
    kept = draw(st.integers(0, len(word) - 1))  # a word all of signs is one no more
    cut = draw(st.booleans())
    shown = ""
    for place, letter in enumerate(word.lower()):
        others = _LOOK_ALIKE.get(letter, letter)
        chosen = letter if place == kept else draw(st.sampled_from([letter, letter, letter.upper(), *others]))
        shown += chosen + (draw(st.sampled_from(_BETWEEN)) if cut else "")
    return shown


@given(_disguised(_ALWAYS))
def test_no_way_of_writing_a_word_gets_it_past_the_gate(written: str) -> None:
    assert GATE.hits(f"Hello {written}, see you tomorrow. Mpho", Wording.T1), written


@given(_disguised(_LISTED), st.sampled_from("nmb"))
def test_no_way_of_writing_a_word_into_a_field_gets_out(written: str, field: str) -> None:
    fields = {"n": "Neo", "m": "Mpho", "b": "Tau", "d": "Thursday 12 November"} | {field: written}
    text = "Hello {n}, {b} and {m}: remember your date, {d}. Reply 1 if it is fine.".format_map(fields)
    assert GATE.name_fault(written) or GATE.hits(text, Wording.T0), written


@given(st.sampled_from(_LISTED), st.data())
def test_a_word_in_two_pieces_is_seen_where_a_field_meets_the_text(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(word) - 1))
    assert GATE.hits(f"Thank you {word[:at]}. {word[at:]} will call you.", Wording.T0)


@given(st.sampled_from([word for word in _LISTED if word.isalpha()]), st.data())
def test_a_letter_held_down_hides_nothing(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    assert GATE.hits(f"Hello {word[:at]}{word[at] * 3}{word[at + 1 :]}.", Wording.T0)


@pytest.mark.parametrize("text", ["НІV", "ΗΙV", "РСR", "Λrt", "Neo \U0001f338", "\u202eVIH", "李", "ʌıH"])
def test_what_only_looks_like_our_letters_does_not_leave(text: str) -> None:
    assert GATE.hits(f"Hello {text}.", Wording.T1)


@pytest.mark.parametrize(
    "text", ["’Mamosa", "Ne\u200bo", "Tšepo", "Zoë", "Ængus", "Søren", "¡Hola!", "“Neo”, she said … –"]
)
def test_accents_and_stops_are_no_disguise(text: str) -> None:
    assert GATE.hits(text, Wording.T0) == ()


def test_the_letters_of_our_own_texts_are_none_either() -> None:
    assert GATE.hits("ሰላም Neo", Wording.T0) == (STRANGE,)
    assert GATE.reading(["ሰላም {n}"]).hits("ሰላም Neo", Wording.T0) == ()


_INNOCENT = """
    start started artist artful heart part party apart smart chart depart Martin Arthur Artemis Bart Marta
    contest latest fastest protest greatest testament attest Tess tester
    prepare prepaid preparing preposition statue statute static station state estate
    pillow pillar pile spill mention mentions mentality men memento
    virtue virtual rival arrival ravine harvest Harvey carve
    posit position deposit neglect Negesi elegant
    treaty retreat street threat trees simple example ample ripple
    clinch incline decline recline cliff line
    Eidsvold weird aid aided maid said raid laid paid
    bed bulb tube tuber turbo taboo tab tub
    still stick sting stir stone study steady stop
    meddle medal medley media
    service nerve observe curve deceive receive
    adhesive here there where nowhere
    sister mister master mother another brother father
    tekanyetso tekano lefu lefung lefatshe lefats'e morena moriti moruti mora kokobela kokonya
    sephethephethe phethahatso phetha liphethoho entse entsoe entseng
    tsoa tsoana tsoela tsoalo tsoale hatsoe
    kolobe sekolo likolo mokolo litaba litekanyo litekete
    Maseru Leribe Berea Mafeteng Mohale Hoek Hlotse Teyateyaneng Roma Morija Quthing Mokhotlong
    Lumela hopola letsatsi hau Araba loketse fetola hosane bonana maobane kajeno beke khoeli selemo
    ngoana lesea ausi abuti ntate rakhali malome nkhono ntatemoholo motsoalle moahisani
    bohobe papa moroho lebese metsi nama lijo naoa poone mabele
    mosebetsi chelete lebenkele tsela koloi terene ntlo lapeng hae phirimana
"""
_PLAIN = _INNOCENT.split()


@pytest.mark.parametrize("word", _PLAIN)
def test_an_innocent_word_passes(word: str) -> None:
    assert GATE.hits(word, Wording.T0) == ()


@given(st.lists(st.sampled_from(_PLAIN), min_size=2, max_size=6))
def test_innocent_words_side_by_side_pass(words: list[str]) -> None:
    assert GATE.hits(" ".join(words), Wording.T0) == ()


@given(st.sampled_from(_PLAIN), st.sampled_from(_PLAIN), st.sampled_from(TEXTS.languages), st.data())
def test_innocent_names_pass_in_every_text(one: str, other: str, language: str, data: st.DataObject) -> None:
    key = data.draw(st.sampled_from([key for key in TEXTS.by_language[language].texts if key[:5] != "ussd."]))
    text = TEXTS.text(key, language)
    values = dict.fromkeys(text.fields, "12") | {"n": one, "m": other, "b": one}
    said = text.filled({name: values[name] for name in text.fields})
    assert GATE.hits(said, text.wording) == ()


# --- what a person may be called --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "Clinic",
        "HIV",
        "my clinic",
        "MyClinic",
        "H1V",
        "T8",
        "7B",
        "ARV girl",
        "Mentor",
        "m2m",
        "Pills",
        "TB1",
        "Nurse",
    ],
)
def test_a_name_that_tells_something_is_refused(name: str) -> None:
    assert GATE.name_fault(name) is NameFault.REVEALS


@pytest.mark.parametrize("name", ["58123456", "042117", "N1 23 45", "+266 5812 3456"])
def test_a_number_is_no_name(name: str) -> None:
    assert GATE.name_fault(name) is NameFault.NUMBER


@pytest.mark.parametrize("name", ["Нео", "Neo🌸", "\u202eoeN"])
def test_a_name_is_written_in_latin_letters(name: str) -> None:
    assert GATE.name_fault(name) is NameFault.STRANGE


@pytest.mark.parametrize(
    "name", ["Neo", "Neo2", "1", "Neo 2", "'M'e Thato", "Tšepo", "Ausi Mpho", "Little Star", "K.T."]
)
def test_a_plain_name_is_not(name: str) -> None:
    assert GATE.name_fault(name) is None


def test_a_site_is_no_name() -> None:
    sites = ("Ha Senekane Health Centre", "Khubetsoana")
    assert GATE.name_fault("khubetšoana", sites) is NameFault.REVEALS
    assert GATE.name_fault("Senekane", sites) is None
