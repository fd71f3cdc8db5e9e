"""Templates: an empty file of a kind with its columns explained, as CSV or XLSX, in Chinese or English."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from openpyxl import Workbook
from openpyxl.styles import Font

from wandeng.infra.imports.cells import expected
from wandeng.infra.imports.spec import TYPE, Column, Kind, Section

Language = Literal["zh", "en"]
HEAD = {
    "zh": ("工作表", "列", "必填", "填写要求", "说明", "示例"),
    "en": ("sheet", "column", "required", "form", "about", "sample"),
}
TYPE_ZH = "类型"


def write(kind: Kind, target: Path, *, xlsx: bool, language: Language) -> None:
    """Write the template. Comment lines start with ``#`` and are skipped when the file comes back; so is the sheet 说明."""
    if xlsx:
        _write_xlsx(kind, target, language)
    else:
        _write_csv(kind, target, language)


def title(column: Column, language: Language) -> str:
    """The header of a column, starred when it must be filled."""
    star = "*" if column.required and not column.default else ""
    return star + (column.zh if language == "zh" else column.name)


def explanations(kind: Kind, language: Language) -> Iterator[tuple[str, ...]]:
    """One row for each column: section, header, required, form, about, sample."""
    yes, no = ("是", "否") if language == "zh" else ("yes", "no")
    for section in kind.sections:
        for column in section.columns:
            about = "; ".join(
                filter(None, (column.about, f"默认 {column.default} (default)" if column.default else ""))
            )
            yield (
                section.zh if language == "zh" else section.name,
                column.zh if language == "zh" else column.name,
                yes if column.required else no,
                expected(column.form),
                about,
                column.sample,
            )


def _union(kind: Kind) -> list[Column]:
    """Columns of all sections, each name once; required only where it is in every section that has it."""
    return list({c.name: c for section in kind.sections for c in section.columns}.values())


def _write_csv(kind: Kind, target: Path, language: Language) -> None:
    columns = _union(kind)
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        for row in explanations(kind, language):
            writer.writerow(["# " + " | ".join(part for part in row if part)])
        head = [TYPE_ZH if language == "zh" else TYPE] if kind.is_compound else []
        stars = kind.is_compound
        writer.writerow(head + [title(c, language).lstrip("*" if stars else "") for c in columns])
        for section in kind.sections:
            writer.writerow(_sample(kind, section, columns, language))


def _sample(kind: Kind, section: Section, columns: list[Column], language: Language) -> list[str]:
    """A sample row as a comment: what its first cell holds comes after the mark."""
    own = {column.name: column.sample for column in section.columns}
    word = section.zh if language == "zh" else section.name
    cells = ([word] if kind.is_compound else []) + [own.get(column.name, "") for column in columns]
    cells[0] = f"# {cells[0]}"
    return cells


def _write_xlsx(kind: Kind, target: Path, language: Language) -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    for section in kind.sections:
        sheet = book.create_sheet(section.zh if language == "zh" else section.name)
        sheet.append([title(column, language) for column in section.columns])
        sample = [column.sample for column in section.columns]
        sample[0] = f"# {sample[0]}"
        sheet.append(sample)
        for cell in sheet[1]:
            cell.font = Font(bold=True)
            sheet.column_dimensions[cell.column_letter].width = 18
        # Codes and dates stay what was typed: 户号 must not become 1.23457E+12.
        for row in sheet.iter_rows(min_row=2, max_row=200, max_col=len(section.columns)):
            for cell in row:
                cell.number_format = "@"
        sheet.freeze_panes = "A2"
    about = book.create_sheet("说明" if language == "zh" else "description")
    about.append(list(HEAD[language]))
    for explained in explanations(kind, language):
        about.append(list(explained))
    book.save(target)
