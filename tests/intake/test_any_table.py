"""Whatever a table holds, it is read or refused, and no value of it is repeated."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.intake.attendance import AttendanceFile
from service.intake.clients import ClientFile
from service.intake.columns import read_header
from service.intake.infants import InfantFile
from service.intake.place import Place
from service.intake.sheet import BadFile, Line, Sheet
from service.intake.taking import FileKind, read_rows
from service.intake.visits import VisitFile

CELLS = st.one_of(
    st.text(),
    st.sampled_from(
        ["58100001", "yes", "2026-11-02", "0/0/0000", "mon-", "-mon", "24:00", "042117", "=1", "T1"]
    ),
    st.from_regex(r"[0-9/:.+-]{1,12}"),
)


@pytest.mark.parametrize("kind", [ClientFile, VisitFile, InfantFile, AttendanceFile])
@given(data=st.data())
def test_any_row_is_read(
    place: Place, kind: Callable[[Place], FileKind[object, object]], data: st.DataObject
) -> None:
    columns = kind(place).columns.all
    cells = tuple(data.draw(st.lists(CELLS, max_size=len(columns) + 2)))
    line = Line(2, cells)
    (row,) = read_rows(kind(place), Sheet(columns, (line,), "")).lines
    known = set(columns) | {""}
    assert all(problem.line == 2 and problem.column in known for problem in row.problems)
    long = [cell for cell in cells if len(cell.strip()) > 5 and cell.strip().isdigit()]
    assert not [cell for cell in long for problem in row.problems if cell in problem.reason]


@given(header=st.lists(st.one_of(st.text(), st.sampled_from(ClientFile.columns.all)), min_size=1))
def test_any_header_is_read_or_refused(header: list[str]) -> None:
    try:
        layout = read_header(ClientFile.columns, header)
    except BadFile as complaint:
        assert str(complaint)
    else:
        assert set(ClientFile.columns.required) <= set(layout.places)
