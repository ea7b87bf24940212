from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from service.domain.people import Wording
from service.gsm import as_sent
from service.texts import BadTexts, DayWord, Texts, Tier, WrongText, load, problems
from service.texts.checking import WORST_VALUES

SHIPPED = load()

ENGLISH = """
[language]
name = "English"
date = "{weekday} {day} {month}"
today = ["today"]
tomorrow = ["tomorrow"]
yesterday = ["yesterday"]

[days]
1 = "Monday"
2 = "Tuesday"
3 = "Wednesday"
4 = "Thursday"
5 = "Friday"
6 = "Saturday"
7 = "Sunday"

[months]
1 = "January"
2 = "February"
3 = "March"
4 = "April"
5 = "May"
6 = "June"
7 = "July"
8 = "August"
9 = "September"
10 = "October"
11 = "November"
12 = "December"

[sms.hello]
tier = "T0"
text = "Hello {n}."

[ussd]
yes = "Yes"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "en.toml").write_text(ENGLISH, encoding="utf-8")
    return tmp_path


def write(folder: Path, sms: str, language: str = "en", start: str = ENGLISH) -> None:
    (folder / f"{language}.toml").write_text(start.replace("[ussd]", f"{sms}\n[ussd]"), encoding="utf-8")


# --- saying ----------------------------------------------------------------------------------------------


def test_a_text_is_said_in_her_language_with_its_fields() -> None:
    assert SHIPPED.say("weekly_ok", "st", n="Neo", m="Mpho") == "Rea leboha Neo. U phele hantle. Mpho"


def test_a_value_that_looks_like_a_field_stays_as_it_is() -> None:
    assert SHIPPED.say("weekly_ok", "en", n="{m}", m="Mpho") == "Thank you {m}. Stay well. Mpho"


@pytest.mark.parametrize(
    ("key", "language", "fields"),
    [
        ("no_such_text", "en", {}),
        ("weekly_ok", "xx", {"n": "Neo", "m": "Mpho"}),
        ("weekly_ok", "en", {"n": "Neo"}),
        ("weekly_ok", "en", {"n": "Neo", "m": "Mpho", "u": "*1#"}),
    ],
)
def test_saying_what_does_not_fit_is_a_mistake_in_the_program(
    key: str, language: str, fields: dict[str, str]
) -> None:
    with pytest.raises(WrongText):
        SHIPPED.say(key, language, **fields)


def test_the_words_of_a_screen_go_by_their_place(folder: Path) -> None:
    assert SHIPPED.say("ussd.next_date", "st") == "Letsatsi la ka"
    (folder / "en.toml").write_text(
        ENGLISH + '[ussd.home]\ntitle = "Home"\n[ussd.home.help]\ntext = "Help {u}"\n'
    )
    assert load(folder).say("ussd.home.title", "en") == "Home"
    assert load(folder).say("ussd.home.help", "en", u="*1#") == "Help *1#"


@pytest.mark.parametrize(
    ("day", "english", "sesotho"),
    [
        (date(2026, 11, 12), "Thursday 12 November", "Labone 12 Pulungoana"),
        (date(2027, 1, 3), "Sunday 3 January", "Sontaha 3 Pherekhong"),
        (date(2027, 4, 5), "Monday 5 April", "Mantaha 5 'Mesa"),
        (date(2028, 2, 29), "Tuesday 29 February", "Labobeli 29 Hlakola"),
    ],
)
def test_a_day_has_its_lesotho_name(day: date, english: str, sesotho: str) -> None:
    assert SHIPPED.day(day, "en") == english
    assert SHIPPED.day(day, "st") == sesotho


def test_changed_words_are_another_version_and_the_same_words_the_same(folder: Path) -> None:
    before = load(folder).version("hello", "en")
    assert load(folder).version("hello", "en") == before
    (folder / "en.toml").write_text(ENGLISH.replace("Hello", "Good day"))
    assert load(folder).version("hello", "en") != before


def test_a_line_without_replies_gets_texts_that_ask_for_none() -> None:
    assert SHIPPED.has("visit_d7_oneway")
    assert not SHIPPED.has("weekly_ok_oneway")


def test_a_text_that_names_tomorrow_knows_what_to_say_on_other_days() -> None:
    text = SHIPPED.text("visit_d1", "st")
    assert (text.says, text.instead) == (DayWord.TOMORROW, "visit_d7")


# --- those that ship -------------------------------------------------------------------------------------


def test_the_texts_that_ship_have_no_problem() -> None:
    assert problems() == []


def test_both_languages_of_lesotho_ship() -> None:
    assert SHIPPED.languages == ("en", "st")
    assert (SHIPPED.name("en"), SHIPPED.name("st")) == ("English", "Sesotho")


def test_every_sesotho_text_awaits_a_native_reader_and_says_how_sure_its_writer_was() -> None:
    texts = [text for key, text in SHIPPED.by_language["st"].texts.items() if not key.startswith("ussd.")]
    assert {text.review for text in texts} == {"awaiting native review"}
    assert all(text.confidence for text in texts)


def test_every_text_is_a_single_part_with_long_names_and_the_longest_day() -> None:
    values = dict(n="N" * 10, m="M" * 12, d="Labohlano 30 Mots'eanong", u="*120*345#", p="+26650000000")
    values |= dict(b="B" * 10, t1="09:00", t2="17:00", c="042117")
    for language, of_language in SHIPPED.by_language.items():
        for key, text in of_language.texts.items():
            if not key.startswith("ussd."):
                assert as_sent(text.text.format_map(values), language).segments == 1, key


@pytest.mark.parametrize(
    "key", [key for key, text in SHIPPED.by_language["en"].texts.items() if "reply " in text.text.lower()]
)
def test_a_reminder_that_asks_for_a_reply_has_a_form_for_lines_without(key: str) -> None:
    answers_to_a_message = {
        *("help_info", "help_info_unknown"),
        *("fallback", "fallback_unknown", "stop_ok_no_code"),
    }
    asked_only_where_somebody_can_answer = {"supporter_ask"}
    assert SHIPPED.has(f"{key}_oneway") or key in (
        answers_to_a_message | asked_only_where_somebody_can_answer
    )


@pytest.mark.parametrize("language", SHIPPED.languages)
@pytest.mark.parametrize("key", [key for key in SHIPPED.by_language["en"].texts if key.endswith("_unknown")])
def test_a_text_for_an_unknown_caller_names_nobody(key: str, language: str) -> None:
    assert not SHIPPED.text(key, language).fields & {"n", "m", "b"}


@pytest.mark.parametrize("language", SHIPPED.languages)
def test_no_text_holds_a_phone_number(language: str) -> None:
    for text in SHIPPED.by_language[language].texts.values():
        assert not any(len(word.strip("+.")) > 4 and word.strip("+.").isdigit() for word in text.text.split())


def test_translators_are_told_what_every_field_stands_for() -> None:
    told = files("templates_sms").joinpath("README.md").read_text("utf-8")
    assert [name for name in (*WORST_VALUES, "d") if f"`{{{name}}}`" not in told] == []


# --- what is wrong with a folder -------------------------------------------------------------------------


def test_a_sound_folder_has_no_problem(folder: Path) -> None:
    assert problems(folder) == []
    assert load(folder).languages == ("en",)


def test_a_new_language_is_one_file(folder: Path) -> None:
    write(folder, "", "fr", ENGLISH.replace("Hello", "Bonjour"))
    assert problems(folder) == []
    assert load(folder).say("hello", "fr", n="Neo") == "Bonjour Neo."


UNREADABLE = {
    "this is not toml": "en.toml: ",
    ENGLISH.replace('7 = "Sunday"', ""): "en.toml: days.7: ",
    ENGLISH.replace('12 = "December"', '12 = ""'): "en.toml: months.12: it is empty",
    ENGLISH.replace("{weekday} ", ""): "en.toml: language.date: ",
    ENGLISH.replace('name = "English"', ""): "en.toml: language.name: ",
    ENGLISH.replace("[ussd]", "[usd]"): "en.toml: the file: “usd”",
    ENGLISH.replace('"T0"', '"T9"'): "en.toml: sms.hello.tier: 'T9' is not one of",
    ENGLISH.replace('tier = "T0"', ""): "en.toml: sms.hello.tier: ",
    ENGLISH.replace('tier = "T0"', 'tier = "T0"\ncolour = "red"'): "en.toml: sms.hello: “colour”",
    ENGLISH.replace("Hello {n}.", "   "): "en.toml: sms.hello.text: it is empty",
    ENGLISH.replace('"Hello {n}."', "7"): "en.toml: sms.hello.text: ",
    ENGLISH.replace("{n}", "{n.name}"): "en.toml: sms.hello.text: a field is a bare {name}",
    ENGLISH.replace("{n}", "{n!r}"): "en.toml: sms.hello.text: a field is a bare {name}",
    ENGLISH.replace("{n}", "{n:>9}"): "en.toml: sms.hello.text: a field is a bare {name}",
    ENGLISH.replace("{n}", "{}"): "en.toml: sms.hello.text: a field is a bare {name}",
    ENGLISH.replace("{n}", "{{n}}"): "en.toml: sms.hello.text: a field is a bare {name}",
    ENGLISH.replace('"Yes"', '""'): "en.toml: ussd.yes.text: it is empty",
    ENGLISH.replace('"Yes"', "[1]"): "en.toml: ussd.yes: a table is needed here",
    ENGLISH.replace('["today"]', '"today"'): "en.toml: language.today: ",
    "": "en.toml: language: a table is needed here",
}


@pytest.mark.parametrize(("content", "problem"), UNREADABLE.items())
def test_a_file_that_cannot_be_read_stops_the_start(folder: Path, content: str, problem: str) -> None:
    (folder / "en.toml").write_text(content)
    with pytest.raises(BadTexts) as refused:
        load(folder)
    assert any(found.startswith(problem) for found in refused.value.problems), refused.value.problems
    assert set(refused.value.problems) <= set(problems(folder))


def test_bytes_that_are_no_text_are_a_problem(folder: Path) -> None:
    (folder / "en.toml").write_bytes(b"\xff\xfe")
    assert [found[:9] for found in problems(folder)] == ["en.toml: "]


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_a_folder_without_a_language_is_a_problem(tmp_path: Path, name: str) -> None:
    assert len(problems(tmp_path / name)) == 1
    with pytest.raises(BadTexts, match="no language file"):
        load(tmp_path / name)


WRONG = {
    'tier = "T0"\ntext = "Come to the clinic {n}."': "“clinic” may not be said at tier T0",
    'tier = "T1"\ntext = "Your test, {n}"': "“test” may not be said at tier T1",
    'tier = "opt-in"\ntext = "Your booklet, {n}"': "“booklet*” may not be said at tier opt-in",
    'tier = "any"\ntext = "Go to the clinic, {n}"': "“clinic” may not be said at tier any",
    'tier = "T2"\ntext = "Hello"': "tier T2 is for screens behind a PIN, never for an SMS",
    'tier = "T0"\ntext = "Come to Ha Mofoka"': "“Ha Mofoka” may not be said at tier T0",
    'tier = "T0"\ntext = "Привет"': 'П р и в е т is not in GSM-7 (say encoding = "UCS-2" if that is meant)',
    'tier = "T0"\nencoding = "UCS-2"\ntext = "Hello"': "it is marked as UCS-2 and needs GSM-7 alone",
    f'tier = "T0"\ntext = "{"a" * 151}{{n}}"': "161 units of GSM-7 with the longest values, which is 2 parts",
    f'tier = "T0"\ntext = "{"a" * 140}{{d}}"': "162 units of GSM-7 with the longest values, which is 2 parts",
    'tier = "T0"\ntext = "Dear {sir}"': "no text has the field sir; fields are b, c, d, m, n, p, t1, t2, u",
    'tier = "T0"\ntext = "See you Tomorrow"': (
        'it names tomorrow; say says = "tomorrow" so that it goes only when that is true'
    ),
    'tier = "T0"\nsays = "today"\ntext = "See you"': "it is marked as naming today, and does not",
    'tier = "T0"\ninstead = "nothing"\ntext = "See you"': "instead names nothing, which does not exist",
    'tier = "T0"\ninstead = "hello"\ntext = "See you"': "instead names hello, which needs n too",
}


@pytest.mark.parametrize(("entry", "fault"), WRONG.items())
def test_a_text_that_may_not_be_sent_is_a_problem(folder: Path, entry: str, fault: str) -> None:
    write(folder, f"[sms.other]\n{entry}")
    assert problems(folder, extra_words=("Ha Mofoka",)) == [f"en.toml: other: {fault}"]


def test_a_text_marked_as_ucs2_may_be_that(folder: Path) -> None:
    write(folder, '[sms.other]\ntier = "T0"\nencoding = "UCS-2"\ntext = "Привет"')
    assert problems(folder) == []


def test_sesotho_may_be_written_with_its_own_letters(folder: Path) -> None:
    write(folder, '[sms.other]\ntier = "T0"\ntext = "Tšepo ‘m’e"')
    assert problems(folder) == []


def test_a_form_for_lines_without_replies_belongs_to_a_text(folder: Path) -> None:
    write(
        folder, '[sms.bye_oneway]\ntier = "T0"\ntext = "Bye"\n[sms.hello_oneway]\ntier = "T1"\ntext = "Hello"'
    )
    assert problems(folder) == [
        "en.toml: bye_oneway: there is no bye for which it could stand",
        "en.toml: hello_oneway: the day that it says must be that of hello, and its tier no more telling",
    ]


def test_no_text_goes_in_the_place_of_one_that_tells_less(folder: Path) -> None:
    write(
        folder,
        '[sms.more]\ntier = "T1"\ntext = "Hello"\n'
        '[sms.less]\ntier = "T0"\nsays = "today"\ninstead = "more"\ntext = "Come today"\n'
        '[sms.less_no_code]\ntier = "T1"\nsays = "today"\ntext = "Come today"',
    )
    assert problems(folder) == [
        "en.toml: less: instead names more, which tells more (T1)",
        "en.toml: less_no_code: the day that it says must be that of less, and its tier no more telling",
    ]


def test_screens_are_gated_too_and_less_behind_a_pin(folder: Path) -> None:
    content = ENGLISH + 'more = "Your HIV test"\n[ussd.inside]\ntier = "T2"\ntext = "Your HIV test"\n'
    (folder / "en.toml").write_text(content)
    assert problems(folder) == [
        "en.toml: ussd.more: “HIV*” may not be said at tier T1",
        "en.toml: ussd.more: “test” may not be said at tier T1",
    ]


def test_languages_must_say_the_same_things(folder: Path) -> None:
    other = ENGLISH.replace("Hello {n}.", "Lumela {m}.").replace('"T0"', '"any"').replace("yes =", "no =")
    (folder / "st.toml").write_text(other)
    assert sorted(problems(folder)) == [
        "en.toml: ussd.no: the text is missing (it exists in st)",
        "st.toml: hello: fields m, but n in en.toml",
        "st.toml: hello: tier any, but T0 in en.toml",
        "st.toml: ussd.yes: the text is missing (it exists in en)",
    ]


def test_every_problem_is_found_at_once(folder: Path) -> None:
    write(folder, '[sms.a]\ntier = "T0"\ntext = "clinic {x}"\n[sms.b]\ntier = "T7"\ntext = ""\n')
    assert len(problems(folder)) == 4


def test_a_language_may_add_words_to_the_gate_and_take_none_out(folder: Path) -> None:
    write(folder, '[gate]\nT1 = ["bongaka"]\n')
    texts = load(folder)
    assert texts.gate.hits("bongaka", Wording.T1) == ("bongaka",)
    assert texts.gate.hits("HIV", Wording.T1) == ("HIV*",)


def test_texts_know_their_tier() -> None:
    assert _tier(SHIPPED, "visit_d7") is Tier.T0
    assert _tier(SHIPPED, "collect_d3") is Tier.T1


@pytest.mark.parametrize("language", SHIPPED.languages)
def test_only_answers_to_a_call_for_help_name_a_health_centre(language: str) -> None:
    texts = SHIPPED.by_language[language].texts.values()
    naming = {
        text.key for text in texts if SHIPPED.gate.hits(text.text, Wording.T0) and text.tier is Tier.ANY
    }
    assert naming == {text.key for text in texts if text.tier is Tier.ANY}
    assert naming == {
        *("danger", "danger_no_number", "danger_unknown", "danger_unknown_no_number"),
        *("weekly_help", "weekly_help_no_number"),
        *("weekly_help_unknown", "weekly_help_unknown_no_number"),
    }


@pytest.mark.parametrize("language", SHIPPED.languages)
def test_the_answer_to_danger_passes_the_gate_that_every_sender_asks(language: str) -> None:
    text = SHIPPED.text("danger", language)
    assert SHIPPED.gate.hits(text.filled({"n": "Neo", "m": "Mpho", "p": "112"}), text.wording) == ()


def _tier(texts: Texts, key: str) -> Tier:
    return texts.text(key, "st").tier
