"""Opening caseload files, whatever wrote them."""

import os
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.files import FIRST_SHEET, NOT_UTF8, read_file
from service.intake.sheet import BadFile, Line, Sheet

Cell = str | float | bool | date | time | timedelta | None
Written = Callable[[bytes], Path]
PLAIN = "phone,nickname\n58100001,Lineo\n58100002,Mošoeshoe\n"
READ = (("phone", "nickname"), (Line(2, ("58100001", "Lineo")), Line(3, ("58100002", "Mošoeshoe"))))


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Writes bytes into a file and tells where it is."""

    def write(content: bytes) -> Path:
        file = tmp_path / "caseload"
        file.write_bytes(content)
        return file

    return write


def refused(file: Path) -> str:
    with pytest.raises(BadFile) as complaint:
        read_file(file)
    return str(complaint.value)


# --- CSV -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        b"\xfe\xff" + PLAIN.encode("utf-16-be"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode("utf-16"),
        PLAIN.rstrip("\n").encode(),
        PLAIN.replace("Lineo", '"Lineo"').encode(),
    ],
    ids=[
        "plain",
        "bom",
        "utf-16",
        "utf-16-be",
        "crlf",
        "cr",
        "semicolon",
        "unicode text",
        "no end",
        "quoted",
    ],
)
def test_tables_of_text_are_read_alike_whatever_wrote_them(written: Written, content: bytes) -> None:
    sheet = read_file(written(content))
    assert (sheet.header, sheet.lines) == READ
    assert not sheet.notes


def test_windows_1252_is_read_with_a_note(written: Written) -> None:
    sheet = read_file(written(PLAIN.encode("cp1252")))
    assert (sheet.header, sheet.lines) == READ
    assert sheet.notes == (NOT_UTF8,)


def test_lines_have_the_numbers_that_a_spreadsheet_shows(written: Written) -> None:
    sheet = read_file(written(b'\na,b\n\n1,"two\nlines"\n , \n,,\n3,4\n'))
    assert sheet.header == ("a", "b")
    assert [line.number for line in sheet.lines] == [4, 7]


def test_a_first_line_that_only_names_the_separator_is_passed_over(written: Written) -> None:
    sheet = read_file(written(b"sep=;\r\na,x;b\r\n1;2\r\n"))
    assert (sheet.header, sheet.lines) == (("a,x", "b"), (Line(3, ("1", "2")),))


def test_a_separator_within_quotation_marks_separates_nothing(written: Written) -> None:
    assert read_file(written(b'a,b\n"mon,wed",2\n')).lines == (Line(2, ("mon,wed", "2")),)


def test_the_hash_is_that_of_the_file(written: Written) -> None:
    first = read_file(written(PLAIN.encode())).sha256
    assert len(first) == 64
    assert read_file(written(PLAIN.encode() + b"\n")).sha256 != first


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\n \n,,\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"phone,nickname\n", "no rows"),
        (b'a,b\n1,2\n3,"4\n5,6\n', "Line 3 cannot be read: a quotation mark"),
        (b'a,b\n1,"x"y\n', "Line 2 cannot be read: a quotation mark"),
        (b'a,b\n1,"' + b"x" * 200_000 + b'"\n', "Line 2 cannot be read"),
        (b"a,b\n1,\x00\n", "not a text file"),
        (PLAIN.encode("utf-16-le"), "not a text file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not a text file"),
        (b"%PDF-1.7\n\x81\x8d\x8f\n", "cannot be read"),
        (b"\xff\xfea\x00,", "cannot be read"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600, "old Excel file"),
        (b"PK\x03\x04 not really", "XLSX"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_one_sentence(
    written: Written, content: bytes, says: str
) -> None:
    assert says in refused(written(content))


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "folder" in refused(tmp_path)
    assert "no such file" in refused(tmp_path / "missing.csv")
    assert "not a file" in refused(tmp_path / "pipe")


def test_a_file_without_end_is_refused(written: Written) -> None:
    assert "more than 200000 lines" in refused(written(b"a,b\n" * 200_002))


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files") / "any"


@given(
    content=st.one_of(
        st.binary(), st.text().map(str.encode), st.text().map(lambda text: text.encode("utf-16"))
    )
)
@example(content=b"PK\x03\x04")
@example(content=b"\xff\xfe")
@example(content=b'"')
@example(content=b"a\r\rb")
def test_whatever_is_in_a_file_it_is_read_or_refused(scratch: Path, content: bytes) -> None:
    scratch.write_bytes(content)
    try:
        assert isinstance(read_file(scratch), Sheet)
    except BadFile as complaint:
        assert str(complaint)


# --- XLSX ----------------------------------------------------------------------------------------------


def workbook(file: Path, *rows: tuple[Cell, ...]) -> Path:
    book = openpyxl.Workbook()
    assert book.active
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("Lineo", "Lineo"),
        (58100001, "58100001"),
        (26658100001.0, "26658100001"),
        (2.5, "2.5"),
        (1e20, "1e+20"),
        (True, "yes"),
        (False, "no"),
        (date(2026, 11, 26), "2026-11-26"),
        (datetime(2026, 11, 26), "2026-11-26"),
        (datetime(2026, 11, 26, 8, 30), "2026-11-26 08:30:00"),
        (time(9, 5), "09:05"),
        (time(9, 5, 0, 1), "09:05"),
        (time(9, 5, 7), "09:05:07"),
        (timedelta(hours=14, minutes=30), "14:30"),
        ("2026-11-26", "2026-11-26"),
        ("'=1+1", "'=1+1"),
        ("#N/A", "#N/A"),
    ],
)
def test_a_cell_becomes_what_somebody_would_have_typed(tmp_path: Path, cell: Cell, text: str) -> None:
    sheet = read_file(workbook(tmp_path / "a.xlsx", ("a", "b"), (cell, "x")))
    assert sheet.lines == (Line(2, (text, "x")),)


def test_rows_keep_their_numbers_and_empty_ones_are_passed_over(tmp_path: Path) -> None:
    sheet = read_file(workbook(tmp_path / "a.xlsx", (), ("a", "b"), (), (None, ""), ("1", None)))
    assert sheet.header == ("a", "b")
    assert [(line.number, line.cells[0]) for line in sheet.lines] == [(5, "1")]


def altered(file: Path, old: bytes, new: bytes) -> Path:
    """The spreadsheet with something else in its parts, as another program would write it."""
    other = file.with_suffix(".altered")
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(other, "w") as target:
        parts = {name: source.read(name) for name in source.namelist()}
        assert any(old in part for part in parts.values())
        for name, part in parts.items():
            target.writestr(name, part.replace(old, new))
    return other


def test_a_formula_has_the_value_that_was_last_worked_out(tmp_path: Path) -> None:
    never_worked_out = workbook(tmp_path / "a.xlsx", ("a", "b"), ("=1+1", "x"))
    assert read_file(never_worked_out).lines == (Line(2, ("", "x")),)
    assert read_file(altered(never_worked_out, b"<v />", b"<v>2</v>")).lines == (Line(2, ("2", "x")),)


def test_the_first_sheet_that_is_not_hidden_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("hidden", "shown", "other"):
        page = book.create_sheet(name)
        page.append(["a"])
        page.append([name])
    del book["Sheet"]
    book["hidden"].sheet_state = "hidden"
    book.active = 1
    book.save(tmp_path / "a.xlsx")
    sheet = read_file(tmp_path / "a.xlsx")
    assert sheet.lines == (Line(2, ("shown",)),)
    assert sheet.notes == (FIRST_SHEET,)


def test_a_sheet_that_gives_its_size_wrongly_is_read_whole(tmp_path: Path) -> None:
    right = workbook(tmp_path / "a.xlsx", ("a", "b"), ("1", "2"), ("3", "4"))
    wrong = altered(right, b'ref="A1:B3"', b'ref="A1"')
    assert read_file(wrong).lines == (Line(2, ("1", "2")), Line(3, ("3", "4")))


def test_another_kind_of_archive_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    assert refused(tmp_path / "a.ods").startswith("This is no XLSX file")


@pytest.mark.parametrize("cut", [10, 300, 2000])
def test_half_a_spreadsheet_is_refused(tmp_path: Path, cut: int) -> None:
    file = workbook(tmp_path / "a.xlsx", ("a", "b"), ("1", "2"))
    file.write_bytes(file.read_bytes()[:-cut])
    assert "damaged" in refused(file)


def test_a_spreadsheet_without_rows_is_told_so(tmp_path: Path) -> None:
    assert refused(workbook(tmp_path / "empty.xlsx")) == "The file is empty."
    assert "no rows" in refused(workbook(tmp_path / "header.xlsx", ("a", "b")))
