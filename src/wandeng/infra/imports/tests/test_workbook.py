"""Workbooks from strangers: read by a process of its own, with real bombs, and with readers that misbehave."""

from __future__ import annotations

from pathlib import Path

import pytest

from wandeng.infra.imports import workbook
from wandeng.infra.imports.refusals import FileRefused
from wandeng.infra.imports.tests import make

MB = 10**6
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)
SECRET_FILE = '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def book(folder: Path, rows: str, *, shared: str = "", before: str = "", encoding: str = "utf-8") -> Path:
    """A whole workbook with one sheet ``a`` of these rows of XML, as small as one may be."""
    relation = f'<Relationships xmlns="{PACKAGE}/relationships">'
    sheet = f'<?xml version="1.0"?>{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    members = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Override PartName="/xl/workbook.xml" '
        f'ContentType="{SHEET_TYPE}"/></Types>',
        "_rels/.rels": f'{relation}<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="a" sheetId="1" r:id="r1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{relation}<Relationship Id="r1" Type="{OFFICE}/worksheet" '
        f'Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{OFFICE}/sharedStrings" '
        'Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>{shared}</t></si></sst>',
    }
    packed = {name: f'<?xml version="1.0"?>{text}'.encode() for name, text in members.items()}
    return make.packed(folder, packed | {"xl/worksheets/sheet1.xml": sheet.encode(encoding)})


def cells(count: int) -> str:
    """Cells without references, different enough not to be packed a hundredfold."""
    return "".join(f"<c><v>{place * 7919 % 10_007}</v></c>" for place in range(count))


def misbehaving(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    """Put another program in the place of the reader; it begins as the reader does, under its limits."""
    path = folder / "reader.py"
    limits = f"runpy.run_path({str(workbook.READER)!r})['limit_process'](int(sys.argv[2]), int(sys.argv[3]))\n"
    path.write_text(f"import json, os, runpy, sys, time\n{limits}{script}\n")
    monkeypatch.setattr(workbook, "READER", path)


def opened(path: Path, **limits: int) -> dict[str, list[list[str]]]:
    usual = {"max_bytes": 50 * MB, "memory": 500 * MB, "cpu_seconds": 20, "wall_seconds": 60, "text": 10 * MB}
    return workbook.open_workbook(path, max_bytes=50 * MB, limits=workbook.Limits(**usual | limits)).sheets


def refusal(path: Path, **limits: int) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        opened(path, **limits)
    return refused.value


def test_a_small_workbook_is_read_as_text(tmp_path: Path) -> None:
    rows = '<row><c><v>1</v></c><c t="s"><v>0</v></c></row><row/><row><c t="b"><v>1</v></c><c><v>0.5</v></c></row>'
    assert opened(book(tmp_path, rows, shared="白水")) == {"a": [["1", "白水"], ["", ""], ["1", "0.5"]]}


@pytest.mark.parametrize(
    ("before", "encoding"),
    [(f"{LAUGHS}]>", "utf-8"), (SECRET_FILE, "utf-8"), (SECRET_FILE, "utf-16"), (f"{LAUGHS}]>", "utf-16-le")],
    ids=["laughs", "xxe", "xxe utf-16", "laughs utf-16"],
)
def test_document_types_are_refused_in_any_encoding(tmp_path: Path, before: str, encoding: str) -> None:
    refused = refusal(book(tmp_path, "<row><c><v>&j;</v></c></row>", before=before, encoding=encoding))
    assert (refused.reason, "document type" in str(refused)) == ("BOMB", True)


def test_an_archive_under_an_innocent_name_is_refused(tmp_path: Path) -> None:
    inner = book(tmp_path, "").read_bytes()
    refused = refusal(make.packed(tmp_path, {"xl/media/image1.png": inner}, "outer.xlsx"))
    assert "an archive in the archive" in str(refused)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (f"<row>{cells(1_000_000)}</row>", "columns, at most 1000"),
        ('<row><c r="ZZZZZZ1"><v>1</v></c></row>', "321272406 columns, at most 1000"),
        ('<row r="4000000000"><c r="A4000000000"/></row><row><c r="B1"/></row>', "a nearly empty sheet of 4000000000"),
    ],
    ids=["a million columns", "a far column", "a far row"],
)
def test_sheets_of_absurd_extent_are_refused(tmp_path: Path, rows: str, said: str) -> None:
    refused = refusal(book(tmp_path, rows))
    assert (refused.reason, said in str(refused)) == ("BOMB", True)


def test_a_string_that_a_million_cells_repeat_is_refused_by_the_memory_it_takes(tmp_path: Path) -> None:
    # 300,000 cells × 20,000 characters = 6 GB out of 7 MB of XML; the comments bring it under the ratio of the gate.
    row = "<row>" + '<c t="s"><v>0</v></c>' * 300 + "</row>"
    noise = "".join(f"<!--{place * 7919 % 1_000_003}-->" for place in range(40_000))
    refused = refusal(book(tmp_path, noise + row * 1_000, shared="长" * 20_000), memory=400 * MB)
    assert (refused.reason, "needed more than 381 MB" in str(refused)) == ("BOMB", True)


def test_a_packed_file_larger_than_it_may_unpack_to_is_not_even_opened(tmp_path: Path) -> None:
    path = book(tmp_path, "<row><c><v>1</v></c></row>")
    with pytest.raises(FileRefused, match=r"at most 100 are taken"):
        workbook.open_workbook(path, max_bytes=100)


@pytest.mark.parametrize(
    ("script", "limits"),
    [
        ("time.sleep(60)", {"wall_seconds": 1}),
        ("while True: pass", {"cpu_seconds": 1}),
        ("kept = bytearray(600_000_000)\nprint('{\"end\":true}')", {}),
        ("os.abort()", {}),
        ("print('{\"sheet\":', end='')", {}),
        ("while True: print('[[\"' + 'x' * 1000 + '\"]]')", {}),
        ("os.write(os.open(sys.argv[0] + '.out', os.O_CREAT | os.O_WRONLY), b'x')\nprint('{\"end\":true}')", {}),
    ],
    ids=["sleeps", "spins", "grows", "crashes", "stops short", "floods", "writes files"],
)
def test_a_reader_that_misbehaves_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, limits: dict[str, int]
) -> None:
    path = book(tmp_path, "<row><c><v>1</v></c></row>")
    misbehaving(monkeypatch, tmp_path, script)
    assert refusal(path, **limits).reason == "BOMB"


def test_the_reader_has_no_secrets_and_no_open_files_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book(tmp_path, "<row><c><v>1</v></c></row>")
    monkeypatch.setenv("WANDENG_DATABASE_URL", "postgresql://somebody:secret@somewhere/else")
    told = (
        "sorted(set(os.environ) - {'LC_CTYPE'}), [os.getcwd()], [n for n in os.listdir('/proc/self/fd') if int(n) > 3]"
    )
    script = f"print(json.dumps({{'sheet': 'seen'}}))\nprint(json.dumps([{told}]))\nprint('{{\"end\": true}}')"
    misbehaving(monkeypatch, tmp_path, script)
    with (tmp_path / "ours").open("w"):
        assert opened(path) == {"seen": [[], ["/"], []]}
