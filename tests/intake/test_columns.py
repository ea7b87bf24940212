"""The first line of a file."""

import pytest

from service.intake.columns import Columns, read_header
from service.intake.sheet import BadFile

COLUMNS = Columns(("phone", "consent_sms"), ("mentor_phone", "phone_confirmed"))


def complaint(*header: str) -> str:
    with pytest.raises(BadFile) as refused:
        read_header(COLUMNS, header)
    return str(refused.value)


@pytest.mark.parametrize(
    "header",
    [
        ("phone", "consent_sms"),
        ("consent_sms", "phone"),
        (" PHONE ", "Consent_SMS"),
        ("\ufeffphone", "consent sms"),
        ("Phone", "Consent-sms"),
    ],
)
def test_columns_are_found_however_they_are_cased_spaced_and_ordered(header: tuple[str, ...]) -> None:
    layout = read_header(COLUMNS, header)
    assert set(layout.places) == {"phone", "consent_sms"}
    assert header[layout.places["phone"]].strip("\ufeff ").lower() == "phone"
    assert not layout.notes


def test_a_missing_column_is_named() -> None:
    assert complaint("phone", "village") == "Missing: consent_sms."


@pytest.mark.parametrize(("written", "meant"), [("phone number", "phone"), ("fone", ""), ("phon", "phone")])
def test_a_near_miss_is_asked_about(written: str, meant: str) -> None:
    complained = complaint(written, "consent_sms")
    assert complained.startswith("Missing: phone.")
    assert (f"meant as {meant}?" in complained) is bool(meant)


def test_a_file_without_a_header_is_told_so_and_not_repeated() -> None:
    complained = complaint("58123456", "Lineo", "yes")
    assert complained == "The first line must name the columns. Needed are phone, consent_sms."


def test_a_column_named_twice_is_refused() -> None:
    assert complaint("phone", "Phone ", "consent_sms") == "The first line names phone more than once."


def test_an_unknown_column_is_a_note() -> None:
    layout = read_header(COLUMNS, ("phone", "Village", "consent_sms"))
    assert layout.notes == ("The column “Village” is not known here and was not read.",)


def test_an_unknown_column_that_is_nearly_a_known_one_says_so() -> None:
    (note,) = read_header(COLUMNS, ("phone", "consent_sms", "phone_confirmd")).notes
    assert note.endswith("Did you mean phone_confirmed?")


@pytest.mark.parametrize("odd", ["58123456", "=HYPERLINK(1)", "a\x00b", "x" * 100, ""])
def test_a_header_that_looks_like_data_is_not_repeated(odd: str) -> None:
    (note,) = read_header(COLUMNS, ("phone", odd, "consent_sms")).notes
    assert note == "Column 2 is not known here and was not read."


def test_unnamed_columns_at_the_end_are_none() -> None:
    layout = read_header(COLUMNS, ("phone", "consent_sms", "", " "))
    assert (layout.width, layout.notes) == (2, ())
