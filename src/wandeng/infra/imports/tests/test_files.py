"""Files as people have them: charsets, delimiters, line numbers, and rows that are no rows."""

from __future__ import annotations

import contextlib
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wandeng.infra.imports import files, findings, reading, table
from wandeng.infra.imports.refusals import FileRefused
from wandeng.infra.imports.tests import make


@pytest.mark.parametrize(
    ("encoding", "decided"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("gbk", "gb18030"), ("utf-16", "utf-16")],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_usual_charset_delimiter_and_line_end(
    tmp_path: Path, encoding: str, decided: str, delimiter: str, end: str
) -> None:
    text = end.join([f"编码{delimiter}名称", f"A1{delimiter}白水", f"A2{delimiter}黎家坪"])
    path = make.write(tmp_path, text.encode(encoding))
    assert make.rows_of(path) == [(2, "A1", "白水"), (3, "A2", "黎家坪")]
    assert files.open_file(path, make.KIND).encoding == decided


def test_line_numbers_are_those_of_the_file_across_quoted_newlines_comments_and_blanks(tmp_path: Path) -> None:
    text = '# 说明\n\ncode,name\nA1,"一\n二"\n\n# 注\nA2,"x ""y"", z"\n,\nA3,w\n'
    assert make.rows_of(make.write(tmp_path, text)) == [(4, "A1", "一\n二"), (8, "A2", 'x "y", z'), (10, "A3", "w")]


def test_headers_may_be_starred_wide_and_carry_units(tmp_path: Path) -> None:
    path = make.write(tmp_path, "*编码,ＮＡＭＥ,电量（kWh）,多余\nA1,白水,5,?\n")
    opened = files.open_file(path, make.KIND)
    (chunk,) = opened.chunks()
    assert chunk.rows.select("line", "code", "name", "amount").rows() == [(2, "A1", "白水", "5")]
    assert opened.warnings == ("列“多余”不认识，未读入 (unknown column '多余' is not read)",)


def test_rows_that_cannot_be_cut_are_kept_whole_and_the_rows_around_them_read(tmp_path: Path) -> None:
    path = make.write(tmp_path, 'code,name\nA1,x\nA2\nA3,y,z\nA4,y,,\nA5,"open\nA6,q\nA7,"a"b\nA8,r\n')
    assert make.rows_of(path) == [(2, "A1", "x"), (5, "A4", "y"), (7, "A6", "q"), (9, "A8", "r")]
    (chunk,) = files.open_file(path, make.KIND).chunks()
    assert chunk.broken.select("line", "code", "found").rows() == [
        (3, "WRONG_CELL_COUNT", "1"),
        (4, "WRONG_CELL_COUNT", "3"),
        (6, "BROKEN_QUOTES", 'A5,"open'),
        (8, "BROKEN_QUOTES", 'A7,"a"b'),
    ]
    assert chunk.broken_cells["row"].to_list() == [
        "A2",
        "A3\ty\tz",
        'A5,"open',
        'A7,"a"b',
    ]


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        (b"", "EMPTY", 0),
        (b"code,name\nA1,\0\n", "NUL_BYTE", 2),
        (b"code,name\nA1,x\nA2," + b"y" * 10_000_000 + b"\n", "LINE_TOO_LONG", 3),
        (b"code,name\nA1,\xff\xfe\xfa\n", "NOT_TEXT", 0),
        (b"\n\n#only\n", "NO_HEADER", 0),
        ("名称,电量\nx,1\n".encode(), "COLUMN_MISSING", 1),
        ("\n编码,code\nx,1\n".encode(), "COLUMN_TWICE", 2),
        (b'code,"name\nA1,x\n', "BROKEN_QUOTES", 1),
        (b"PK\x03\x04 not a zip", "NOT_XLSX", 0),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason_and_line(
    tmp_path: Path, content: bytes, reason: str, line: int
) -> None:
    with pytest.raises(FileRefused) as refusal:
        list(files.open_file(make.write(tmp_path, content), make.KIND).chunks())
    # A 10 MB line is met in the block where it begins to be too long: line counting stops there.
    assert refusal.value.reason == reason
    assert refusal.value.line == line or reason == "LINE_TOO_LONG"


def test_the_hash_tells_bytes_and_units_apart(tmp_path: Path) -> None:
    path = make.write(tmp_path, "code\nA1\n")
    plain, again = files.open_file(path, make.KIND), files.open_file(path, make.KIND)
    of_unit = files.open_file(path, make.KIND, salt="4304")
    assert plain.content_hash == again.content_hash != of_unit.content_hash


def test_sections_come_in_the_order_of_the_kind_whatever_the_order_of_the_rows(tmp_path: Path) -> None:
    text = "类型,编码,名称,属于\nother,B1,,A1\n物,A1,x,\n没有,C,,\n别物,B2,,A1\n"
    path = make.write(tmp_path, text)
    chunks = list(files.open_file(path, make.COMPOUND).chunks())
    assert [(c.section.name, c.rows["code"].to_list()) for c in chunks] == [("thing", ["A1"]), ("other", ["B1", "B2"])]
    assert chunks[0].broken.select("line", "code", "found").rows() == [(4, "UNKNOWN_TYPE", "没有")]


def test_repeats_and_contradictions_are_found_within_and_across_chunks(tmp_path: Path) -> None:
    rows = ["A1,x,高计", "A2,x,高计", "A1,y,低计", "A3,x,低计", "A4,,高计", "A5,,低计"]
    path = make.write(tmp_path, "编码,名称,方式\n" + "\n".join(rows))
    for size in (1, 2, 100):
        seen, told = reading.Seen(), []
        for chunk in files.open_file(path, make.KIND).chunks(size):
            typed = reading.type_rows(chunk.section, chunk.rows)
            told += reading.repeats(chunk.section, typed.rows, seen).select("line", "column", "code", "expected").rows()
        assert [row[:3] for row in told] == [(4, "code", "TWICE_IN_FILE"), (5, "name", "CONTRADICTS")]
        assert "第 2 行" in told[0][3]
        assert "第 2 行" in told[1][3]


@given(st.binary(max_size=300) | st.text(alphabet='编码,;"\n\r\tA1名称-=0.\x00', max_size=120).map(str.encode))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_rows_findings_or_a_refusal(tmp_path: Path, content: bytes) -> None:
    for prefix in (b"", "编码,名称\n".encode()):
        path = make.write(tmp_path, prefix + content)
        with contextlib.suppress(FileRefused):
            for chunk in files.open_file(path, make.KIND).chunks(7):
                typed = reading.type_rows(chunk.section, chunk.rows)
                assert findings.without(chunk.rows, typed.found).height == typed.rows.height


def test_sheets_are_read_by_name_with_their_own_line_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    things = book.active
    things.title = "物"
    things.append(["编码", "名称", "电量", "日期"])
    things.append(["# A0", "示例"])
    things.append(["A1", "白水", 12.5, "2026-01-31"])
    things.append([1000000000001, "=1+1", 0.1 + 0.2, None])
    others = book.create_sheet("别物")
    others.append(["编码", "属于"])
    others.append(["B1", "A1"])
    book.create_sheet("说明").append(["anything"])
    path = tmp_path / "b.xlsx"
    book.save(path)
    opened = files.open_file(path, make.COMPOUND)
    first, second = opened.chunks()
    told = first.rows.select("line", "code", "amount", "on").rows()
    # A number cell is what XLSX keeps of it, 15 digits: 0.30000000000000004 is 0.3.
    assert told == [(3, "A1", "12.5", "2026-01-31"), (4, "1000000000001", "0.3", "")]
    assert second.rows.select("code", "of").rows() == [("B1", "A1")]
    assert opened.place(second.rows["line"][0]) == "别物!2"


SHEET = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


@pytest.mark.parametrize(
    "members",
    [
        {"xl/worksheets/sheet1.xml": b" " * 60_000_000},
        {"xl/worksheets/sheet1.xml": b" " * 5_000_000},
        {f"x{i}": b"" for i in range(201)},
        {"xl/inner.zip": b"PK"},
        {"../evil.xml": b"x"},
        {"xl/sharedStrings.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'},
        {"xl/worksheets/sheet1.xml": SHEET + b'<row r="1048576"><c r="XFD1048576"/></row></sheetData></worksheet>'},
        {"xl/worksheets/sheet1.xml": SHEET + b"<row r='1048576'><c r='Z1048576'/></row></sheetData></worksheet>"},
    ],
    ids=["size", "ratio", "members", "nested", "slip", "doctype", "columns", "sparse"],
)
def test_a_workbook_that_would_explode_is_refused_before_it_is_opened(
    tmp_path: Path, members: dict[str, bytes]
) -> None:
    with pytest.raises(FileRefused) as refusal:
        files.open_file(make.packed(tmp_path, members), make.KIND)
    assert refusal.value.reason == "BOMB"


def test_a_member_that_hides_its_size_is_refused(tmp_path: Path) -> None:
    path = make.packed(tmp_path, {"xl/worksheets/sheet1.xml": b"<a/>" * 200_000 + bytes(range(256)) * 60})
    whole = path.read_bytes()
    declared = (4 * 200_000 + 256 * 60).to_bytes(4, "little")
    # The directory at the end is what archives are opened by.
    at = whole.rindex(declared)
    path.write_bytes(whole[:at] + (5_000).to_bytes(4, "little") + whole[at + 4 :])
    with pytest.raises(FileRefused):
        files.open_file(path, make.KIND)


CELLS = st.text(st.sampled_from("a1 ,;#\t\u3000\ufeff\x1c是."), max_size=4)
QUOTED = st.text(st.sampled_from('a ,#\u3000\ufeff\x01是"'), max_size=4).map('"{}"'.format)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(st.lists(CELLS | QUOTED, min_size=1, max_size=4).map(",".join), max_size=12),
    st.sampled_from(["\n", "\r\n"]),
)
def test_a_file_is_cut_block_by_block_as_it_is_row_by_row(lines: list[str], end: str) -> None:
    # Only the line break in its header keeps the second file from being cut block by block.
    with TemporaryDirectory() as folder:
        blocks, rows = (
            make.write(Path(folder), end.join([f"{name},名称,电量", *lines, "Z,z,1", ""]), f"{place}.csv")
            for place, name in enumerate(("编码,备注", '编码,"备\n注"'))
        )
        for size in (3, 1000):
            assert make.rows_of(blocks, size=size) == [
                (line - 1, *cells) for line, *cells in make.rows_of(rows, size=size)
            ]
        assert make.complaints(blocks) == [(line - 1, *more) for line, *more in make.complaints(rows)]


def test_a_header_over_two_lines_is_no_row(tmp_path: Path) -> None:
    path = make.write(tmp_path, '编码,"备\n注,注",名称\nA1,x,白水\nA2,"y, y","黎家坪"\n')
    for size in (1, 100):
        assert make.rows_of(path, size=size) == [(3, "A1", "白水"), (4, "A2", "黎家坪")]


def test_quotes_around_whole_cells_do_not_slow_the_cutting_down(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(table.Cutter, "chunks", None)  # the way of rows
    path = make.write(tmp_path, '编码,名称,电量\n"A1","白水, 镇",""\nA2,"",5\n')
    assert make.rows_of(path) == [(2, "A1", "白水, 镇"), (3, "A2", "")]


def test_a_quote_in_an_odd_place_and_all_after_it_are_read_with_care(tmp_path: Path) -> None:
    path = make.write(tmp_path, '编码,名称\nA1,"白水"\nA2,"黎\n家坪"\nA3,"他说""好"""\nA4,x\n')
    for size in (1, 2, 100):
        names = [(2, "A1", "白水"), (3, "A2", "黎\n家坪"), (5, "A3", '他说"好"'), (6, "A4", "x")]
        assert make.rows_of(path, size=size) == names


def test_a_cell_longer_than_any_is_broken_without_quotes_too(tmp_path: Path) -> None:
    path = make.write(tmp_path, f"编码,名称\nA,{'x' * 131_073}\nB,b\n")
    assert make.complaints(path)[0][2] == "BROKEN_QUOTES"
    assert make.rows_of(path) == [(3, "B", "b")]
