import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.domain.phone import Phone
from service.phones import BadPhone, PhoneFault, _read_any, read_phone

HERS = Phone("+26658123456")


@pytest.mark.parametrize(
    "typed",
    [
        "58123456",
        "5812 3456",
        "58-12-34-56",
        "58.12.34.56",
        "26658123456",
        "0026658123456",
        "00 266 58123456",
        "(266) 58123456",
        "+26658123456",
        " +266 58123456",
        "+266-5812-3456",
        "++26658123456",
        "58123456\n",
        "\t58123456 ",
        " 26658123456",  # a plus that a web form turned into a space
        "5８123456",
        "٥٨١٢٣٤٥٦",
        "۵۸۱۲۳۴۵۶",
        "tel:58123456",
        "whatsapp:+26658123456",
        "5812\u00a03456",
        "5812–3456",
        "\u202a+266 5812 3456\u202c",
        "\ufeff58123456",
    ],
)
def test_a_lesotho_mobile_is_read_however_people_write_it(typed: str) -> None:
    assert read_phone(typed) == HERS


@pytest.mark.parametrize(
    "typed",
    [
        "58123456.0",
        "+26658123456.0",
        "5.8123456E7",
        "5.8123456E+07",
        "5,8123456E+07",
        "2.6658123456E+10",
        "58,123,456",
        "'58123456",
        '="58123456"',
    ],
)
def test_what_a_spreadsheet_made_of_a_number_is_undone(typed: str) -> None:
    assert read_phone(typed) == HERS


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", PhoneFault.EMPTY),
        (" \u200b\n", PhoneFault.EMPTY),
        ("''", PhoneFault.EMPTY),
        ("058123456", PhoneFault.NOT_VALID),
        ("+266 (0) 58123456", PhoneFault.NOT_VALID),
        ("5812345", PhoneFault.NOT_VALID),
        ("581234567", PhoneFault.NOT_VALID),
        ("266 266 58123456", PhoneFault.NOT_VALID),
        ("0821234567", PhoneFault.NOT_VALID),
        ("78123456", PhoneFault.NOT_VALID),
        ("00000000", PhoneFault.NOT_VALID),
        ("()", PhoneFault.NOT_VALID),
        ("58123456/62123456", PhoneFault.TWO_NUMBERS),
        ("58123456 62123456", PhoneFault.TWO_NUMBERS),
        ("58123456, 62123456", PhoneFault.TWO_NUMBERS),
        ("58123456;62123456", PhoneFault.TWO_NUMBERS),
        ("58123456\n62123456", PhoneFault.TWO_NUMBERS),
        ("58123456 or 62123456", PhoneFault.TWO_NUMBERS),
        ("+26658123456+26662123456", PhoneFault.TWO_NUMBERS),
        ("58123456/7", PhoneFault.TWO_NUMBERS),
        ("5812345/6", PhoneFault.TWO_NUMBERS),
        ("58123456;ext=5", PhoneFault.EXTENSION),
        ("58123456 ext 4", PhoneFault.EXTENSION),
        ("+266581234x6", PhoneFault.EXTENSION),
        ("58123456#12", PhoneFault.EXTENSION),
        ("2.66581E+10", PhoneFault.ROUNDED),
        ("5.81E7", PhoneFault.ROUNDED),
        ("MTN", PhoneFault.NOT_A_NUMBER),
        ("Mpho 58123456", PhoneFault.NOT_A_NUMBER),
        ("5812 CALL", PhoneFault.NOT_A_NUMBER),
        ("*123#", PhoneFault.NOT_A_NUMBER),
        ("+", PhoneFault.NOT_A_NUMBER),
        ("22123456", PhoneFault.NOT_MOBILE),
        ("+266 80012345", PhoneFault.NOT_MOBILE),
        ("+27821234567", PhoneFault.NOT_ALLOWED),
    ],
)
def test_what_is_not_plainly_one_mobile_is_refused_with_its_reason(typed: str, fault: PhoneFault) -> None:
    assert read_phone(typed) == BadPhone(fault)


def test_a_foreign_number_is_allowed_by_its_beginning() -> None:
    assert read_phone("+27 82 123 4567", allowed=("+2665", "+27")) == Phone("+27821234567")


def test_a_foreign_landline_is_refused_even_where_its_country_is_allowed() -> None:
    assert read_phone("+27 11 978 5313", allowed=("+27",)) == BadPhone(PhoneFault.NOT_MOBILE)


def test_a_network_that_is_not_allowed_is_refused() -> None:
    assert read_phone("62123456", allowed=("+2665",)) == BadPhone(PhoneFault.NOT_ALLOWED)


def test_another_country_reads_its_own_numbers() -> None:
    assert read_phone("082 123 4567", country="ZA", allowed=("+27",)) == Phone("+27821234567")


def test_elsewhere_a_lesotho_number_needs_its_country() -> None:
    assert read_phone("58123456", country="ZA") == BadPhone(PhoneFault.NOT_VALID)


def test_a_refusal_keeps_nothing_of_what_was_typed() -> None:
    assert "5812345" not in repr(read_phone("5812345")) + str(read_phone("5812345"))


def test_a_refusal_is_a_sentence() -> None:
    assert str(read_phone("22123456")) == "This is not a mobile number; it cannot get texts."


_PIECES = st.sampled_from(
    ["+", "00", "266", "27", " ", "\n", "5", "6", "2", "58123456", "62123456", "0", "9", "٥", "-"]
)
_ALLOWED = st.sampled_from([("+2665", "+2666"), ("+2665",), ("+",)])


@given(st.one_of(st.lists(_PIECES, max_size=7).map("".join), st.text(max_size=20)), _ALLOWED)
@example("266" + "58123456", ("+2665",))
@example("\x1c58123456", ("+2665",))
def test_the_quick_way_answers_as_the_thorough_one(typed: str, allowed: tuple[str, ...]) -> None:
    assert read_phone(typed, "LS", allowed) == _read_any(typed, "LS", allowed)


@given(st.from_regex(r"[ \t]?(\+266|00266|266)?[56][0-9]{7}\n?", fullmatch=True))
def test_every_plain_lesotho_mobile_is_the_same_both_ways(typed: str) -> None:
    read = read_phone(typed)
    assert isinstance(read, Phone)
    assert read == _read_any(typed, "LS", ("+266",))


@given(st.text())
def test_any_text_is_read_or_refused(typed: str) -> None:
    read = read_phone(typed)
    assert isinstance(read, BadPhone) or read.e164.startswith("+266")
