"""A bank file is read whole or refused; its rows each get their own complaint."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wandeng.infra.bank_layouts import reading
from wandeng.infra.bank_layouts.reading import Contents
from wandeng.infra.bank_layouts.tests import make
from wandeng.infra.imports.refusals import FileRefused

LAYOUTS = ("fixed", "comma", "bars")


def read(folder: Path, content: bytes, code: str = "comma", **asked: object) -> Contents:
    path = folder / "bank.txt"
    path.write_bytes(content)
    return reading.read(path, make.layout(code), **asked)  # type: ignore[arg-type]


def refusal(folder: Path, content: bytes, code: str = "comma", **asked: object) -> str:
    with pytest.raises(FileRefused) as refused:
        read(folder, content, code, **asked)
    return refused.value.reason


@pytest.mark.parametrize("code", LAYOUTS)
@pytest.mark.parametrize("kind", ["01", "02", "03", "04", "06", "07", "08", "09", "10", "11", "21"])
def test_what_a_layout_writes_it_reads_again(tmp_path: Path, code: str, kind: str) -> None:
    found = read(tmp_path, make.file(code, make.rows(3), kind=kind), code, bank="102", kinds=(kind,))
    # 1 + 2 + 3 yuan
    assert (found.heading.count, found.heading.total_fen, found.heading.batch) == (3, 600, "B1")
    assert found.rows["amount_fen"].to_list() == [100, 200, 300]
    assert found.rows["serial"].to_list() == ["00000001", "00000002", "00000003"]
    assert found.rows["fault"].to_list() == ["", "", ""]
    assert found.rows["account_number"][0] == "4300000000001"
    assert (found.unread, found.unread_fen) == (0, 0)


@pytest.mark.parametrize("code", LAYOUTS)
def test_a_query_about_customers_has_rows_and_no_money(tmp_path: Path, code: str) -> None:
    found = read(tmp_path, make.file(code, make.rows(2), kind="05", total=0), code, kinds=("05",))
    assert (found.heading.count, found.heading.total_fen) == (2, 0)
    assert found.rows["name"].to_list() == ["张三1", "张三2"]
    assert found.rows["fault"].to_list() == ["", ""]


def test_names_survive_the_bytes_of_a_fixed_width(tmp_path: Path) -> None:
    """60 bytes are 30 characters of GB18030; the rest of a longer name is cut between characters, not within one."""
    long = make.rows(1)[0] | {"name": "很" * 29 + "a很"}
    found = read(tmp_path, make.file("fixed", [long]), "fixed")
    assert found.rows["name"][0] == "很" * 29 + "a"


@pytest.mark.parametrize("code", LAYOUTS)
@pytest.mark.parametrize(("lie", "reason"), [({"count": 4}, "WRONG_COUNT"), ({"total": 601}, "WRONG_TOTAL")])
def test_a_wrong_control_figure_refuses_the_whole_file(
    tmp_path: Path, code: str, lie: dict[str, int], reason: str
) -> None:
    assert refusal(tmp_path, make.file(code, make.rows(3), **lie), code) == reason


def test_a_trailer_that_disagrees_refuses_the_whole_file(tmp_path: Path) -> None:
    content = make.file("comma", make.rows(3)).replace(b"T,3,6.00", b"T,3,6.01")
    assert refusal(tmp_path, content) == "WRONG_TOTAL"


@pytest.mark.parametrize("code", ["fixed", "comma"])
def test_a_file_cut_off_in_its_last_row_is_refused(tmp_path: Path, code: str) -> None:
    content = make.file(code, make.rows(3))
    assert refusal(tmp_path, content[: content.rindex(b"T") - 20], code) == "NO_TRAILER"


def test_where_the_header_alone_holds_the_figures_a_cut_row_is_a_row_that_cannot_be_read(tmp_path: Path) -> None:
    content = make.file("bars", make.rows(3))
    found = read(tmp_path, content[: content.rindex(b"|3.00")], "bars")
    assert found.rows["fault"].to_list() == ["", "", "WRONG_CELL_COUNT"]
    # 6.00 in the header less 1.00 and 2.00 that could be read
    assert (found.unread, found.unread_fen) == (1, 300)


@pytest.mark.parametrize(
    ("was", "now", "fault", "fen"),
    [
        (b"2.00,2026", b"-2.00,2026", "", -200),
        (b"2.00,2026", "２.００,2026".encode(), "NOT_PLAIN", 200),
        (b"2.00,2026", b"NaN,2026", "NOT_AN_AMOUNT", None),
        (b"2.00,2026", b"Infinity,2026", "NOT_AN_AMOUNT", None),
        (b"2.00,2026", b"2e0,2026", "NOT_AN_AMOUNT", None),
        (b"2.00,2026", b"2.005,2026", "NOT_AN_AMOUNT", None),
        (b"2.00,2026", b",2026", "NOT_AN_AMOUNT", None),
        (b"2.00,2026", b"1" * 20 + b",2026", "TOO_LARGE", None),
        (b"2026-10-01,110,R2", b"2026-13-01,110,R2", "NOT_A_DATE", 200),
        (b"D,00000002,", b"D,,", "REQUIRED", 200),
        (b"D,00000002,", b'D,"00000002,', "BROKEN_QUOTES", None),
        ("张三2".encode(), "张三\x022".encode(), "BAD_CHARACTERS", 200),
        ("张三2".encode(), ("张" * 200).encode(), "TOO_LONG", 200),
        (b"D,00000002", b"X,00000002", "UNKNOWN_RECORD", None),
    ],
)
def test_each_defect_of_a_row_has_its_own_complaint(
    tmp_path: Path, was: bytes, now: bytes, fault: str, fen: int | None
) -> None:
    content = make.file("comma", make.rows(3))
    assert content.count(was) == 1
    content = content.replace(was, now)
    if fen == -200:
        # 1 - 2 + 3 yuan: a file that says so itself
        content = content.replace(b",6.00", b",2.00")
    found = read(tmp_path, content)
    assert found.rows["fault"].to_list() == ["", fault, ""]
    assert found.rows["amount_fen"].to_list() == [100, fen, 300]
    assert (found.unread, found.unread_fen) == ((0, 0) if fen else (1, 200))


def test_unreadable_amounts_do_not_hide_a_total_that_is_too_small(tmp_path: Path) -> None:
    content = make.file("comma", make.rows(3), total=399).replace(b"2.00,2026", b"NaN,2026")
    # 1.00 + 3.00 are read already, 3.99 is said
    assert refusal(tmp_path, content) == "WRONG_TOTAL"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "EMPTY"),
        (b"\n\n", "NO_HEADER"),
        (b"H,21\n", "NO_HEADER"),
        (b"H,21,102,B1,,2026-10-01,0,NaN\nT,0,0\n", "NO_FIGURES"),
        (b"H,99,102,B1,,2026-10-01,0,0\nT,0,0\n", "OTHER_KIND"),
        (b"H,21,103,B1,,2026-10-01,0,0\nT,0,0\n", "OTHER_BANK"),
        (b"H,21,102,,,2026-10-01,0,0\nT,0,0\n", "NO_HEADER"),
        (b"H,21,102,B1,,2026-10-01,0,0\n", "NO_TRAILER"),
        (b"H,21,102,B\x001,,2026-10-01,0,0\n", "NUL_BYTE"),
        (b"H,21,102,B1,,2026-10-01,0,0\n" + b"x" * 10_000_000 + b"\nT,0,0\n", "LINE_TOO_LONG"),
        (b"\x81\x20\xff\xfe", "NOT_TEXT"),
        ("H,21,102,B1,,2026-10-01,0,0\nT,0,0\n".encode("utf-16"), "NOT_TEXT"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_file_of_this_layout_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    assert refusal(tmp_path, content, bank="102") == reason


def test_a_file_of_another_kind_than_asked_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, make.file("comma", make.rows(1)), kinds=("03",)) == "OTHER_KIND"


def test_a_byte_order_mark_and_the_other_charset_make_no_difference(tmp_path: Path) -> None:
    content = make.file("comma", make.rows(2))
    marked = read(tmp_path, codecs.BOM_UTF8 + content)
    national = read(tmp_path, content.decode().encode("gb18030"))
    dos = read(tmp_path, content.replace(b"\n", b"\r\n"))
    assert marked.rows.equals(national.rows)
    assert marked.rows.equals(dos.rows)
    assert marked.rows["name"].to_list() == ["张三1", "张三2"]


def test_quoted_delimiters_are_text(tmp_path: Path) -> None:
    found = read(tmp_path, make.file("comma", [make.rows(1)[0] | {"name": '甲,"乙"公司'}]))
    assert found.rows["name"][0] == '甲,"乙"公司'


WHOLE = {code: make.file(code, make.rows(3)) for code in LAYOUTS}


@settings(max_examples=200)
@given(
    code=st.sampled_from(LAYOUTS),
    at=st.integers(0, 400),
    drop=st.integers(0, 60),
    put=st.one_of(st.binary(max_size=40), st.text(max_size=20).map(lambda text: text.encode("utf-8", "surrogatepass"))),
)
@example(code="comma", at=60, drop=0, put=b"NaN")
@example(code="fixed", at=0, drop=400, put=b"")
def test_no_bytes_raise_anything_but_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, code: str, at: int, drop: int, put: bytes
) -> None:
    """Part of a good file replaced by anything. What is read holds the control figures, whatever came in between."""
    content = WHOLE[code][:at] + put + WHOLE[code][at + drop :]
    path = tmp_path_factory.getbasetemp() / "fuzz.txt"
    path.write_bytes(content)
    try:
        found = reading.read(path, make.layout(code))
    except FileRefused:
        return
    assert found.rows.height == found.heading.count
    assert found.rows["amount_fen"].sum() + found.unread_fen == found.heading.total_fen
    assert found.unread_fen == 0 or found.unread


@settings(max_examples=100)
@given(content=st.binary(max_size=300), code=st.sampled_from(LAYOUTS))
def test_pure_noise_is_refused_or_read(tmp_path_factory: pytest.TempPathFactory, content: bytes, code: str) -> None:
    path = tmp_path_factory.getbasetemp() / "noise.txt"
    path.write_bytes(content)
    try:
        found = reading.read(path, make.layout(code))
    except FileRefused:
        return
    assert found.rows.height == found.heading.count
