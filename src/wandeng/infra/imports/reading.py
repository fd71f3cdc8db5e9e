"""A chunk of text rows → typed rows and findings: forms, required cells, repeats inside the file, agreement."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from wandeng.infra.imports import cells, findings
from wandeng.infra.imports.spec import LINE, PERSONAL, Column, Number, Section, Text

_SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Typed:
    """``rows``: ``line`` and the columns of the section with their values, good rows only. ``found``: the complaints."""

    rows: pl.DataFrame
    found: pl.DataFrame


@dataclass
class Seen:
    """What the file has said so far: its keys, and what was said about each thing that stands on several rows.

    Sixteen bytes a row; 64-bit hashes pick the candidates, the text decides within a chunk, and across chunks a
    false alarm needs two equal hashes among the file's rows (one in ten million files of a million rows).
    """

    keys: dict[str, pl.DataFrame] = field(default_factory=dict)
    said: dict[str, pl.DataFrame] = field(default_factory=dict)


def type_rows(section: Section, raw: pl.DataFrame) -> Typed:
    """Read every cell by its column's form. A row with any complaint is not among ``rows``."""
    plain = _plain_numbers(section, raw)
    others = [column for column in section.columns if column.name not in plain.columns]
    tidy = raw.select(LINE, *(cells.tidy(pl.col(c.name)).replace("", c.default or None).alias(c.name) for c in others))
    tidy = _narrow(others, tidy)
    values, codes = [], []
    for column in others:
        value, checks = cells.reader(column.form, pl.col(column.name))
        values.append(value.alias(column.name))
        codes.append(_first_code(column, checks).alias(column.name))
    typed = tidy.select(LINE, *values).hstack(plain).select(LINE, *(column.name for column in section.columns))
    wrong = tidy.select(LINE, *codes)
    found = [_complaints(column, raw, wrong) for column in others]
    complaints = findings.gather(*found)
    return Typed(findings.without(typed, complaints), complaints)


def _plain_numbers(section: Section, raw: pl.DataFrame) -> pl.DataFrame:
    """The columns without one odd number, read the short way: most columns of most files. One cell that needs a second
    look (blanks, signs, grouped digits, a complaint) leaves its column to the reader of its form."""
    ways = {
        c.name: cells.plain_number(c.form, pl.col(c.name), may_be_empty=not (c.default or c.required))
        for c in section.columns
        if isinstance(c.form, Number)
    }
    if not ways or raw.is_empty():
        return pl.DataFrame()
    verdicts = raw.select(is_plain.alias(name) for name, (is_plain, _) in ways.items()).row(0, named=True)
    return raw.select(ways[name][1].alias(name) for name, is_plain in verdicts.items() if is_plain)


def _narrow(columns: list[Column], tidy: pl.DataFrame) -> pl.DataFrame:
    """Narrow the columns that hold any wide character; free text stays as it was written."""
    candidates = [c.name for c in columns if not isinstance(c.form, Text)]
    if not candidates or tidy.is_empty():
        return tidy
    plain = tidy.select(
        (pl.col(name).str.len_bytes() == pl.col(name).str.len_chars()).fill_null(True).all() for name in candidates
    ).row(0)
    wide = [name for name, is_plain in zip(candidates, plain, strict=True) if not is_plain]
    return tidy.with_columns(cells.narrow(pl.col(name)) for name in wide)


def _first_code(column: Column, checks: list[cells.Check]) -> pl.Expr:
    """Code of the first failed check of a cell, null when it is in order."""
    code = pl.lit(None, dtype=pl.String)
    for bad, name in reversed(checks):
        code = pl.when(bad).then(pl.lit(name)).otherwise(code)
    missing = pl.lit("REQUIRED" if column.required else None, dtype=pl.String)
    return pl.when(pl.col(column.name).is_null()).then(missing).otherwise(code)


def _complaints(column: Column, raw: pl.DataFrame, wrong: pl.DataFrame) -> pl.DataFrame:
    codes = wrong[column.name]
    if codes.null_count() == len(codes):
        return findings.empty()
    bad = codes.is_not_null()
    rows = raw.filter(bad).select(LINE, column.name)
    return findings.about(rows, column.name, "", cells.expected(column.form)).with_columns(
        code=codes.filter(bad).alias("code")
    )


def repeats(section: Section, rows: pl.DataFrame, seen: Seen) -> pl.DataFrame:
    """Findings for rows whose key already stood in the file, and for rows that contradict an earlier one."""
    found = [_repeated(section, rows, seen)] if section.key else []
    found += [_contradicting(key, said, rows, seen) for key, said in section.agree.items()]
    return findings.gather(*found)


def _joined(columns: tuple[str, ...]) -> pl.Expr:
    return pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in columns], separator=_SEPARATOR)


def _repeated(section: Section, rows: pl.DataFrame, seen: Seen) -> pl.DataFrame:
    keyed = rows.select(LINE, _joined(section.key).alias("text")).with_columns(key=pl.col("text").hash(seed=17))
    first = keyed.select("text", pl.col(LINE).first().over("text").alias("first"))["first"]
    before = seen.keys.get(section.name)
    known = keyed.with_columns(first)
    if before is not None:
        known = known.join(before, on="key", how="left", maintain_order="left").with_columns(
            first=pl.coalesce("before", "first")
        )
    again = known.filter(pl.col("first") != pl.col(LINE))
    fresh = known.filter(pl.col("first") == pl.col(LINE)).select("key", pl.col(LINE).alias("before"))
    seen.keys[section.name] = fresh if before is None else pl.concat([before, fresh])
    column = section.key[0]
    shown = tuple(name for name in section.key if name not in PERSONAL)
    told = again.join(
        rows.select(LINE, _joined(shown).str.replace_all(_SEPARATOR, " ").alias("shown")),
        on=LINE,
        maintain_order="left",
    )
    complaints = findings.about(told, column, "TWICE_IN_FILE", "", found="shown")
    lines = again["first"].cast(pl.String)
    return complaints.with_columns(
        ("只出现一次；已见于第 " + lines + " 行 (once; first on line " + lines + ")").alias("expected")
    )


def _contradicting(key: str, said: tuple[str, ...], rows: pl.DataFrame, seen: Seen) -> pl.DataFrame:
    told = rows.filter(pl.col(key).is_not_null()).select(
        LINE, key, pl.col(key).hash(seed=17).alias("key"), _joined(said).hash(seed=19).alias("told")
    )
    before = seen.said.get(key)
    told = told.with_columns(
        pl.col("told").first().over(key).alias("first"), pl.col(LINE).first().over(key).alias("at")
    )
    if before is not None:
        told = told.join(before, on="key", how="left", maintain_order="left").with_columns(
            first=pl.coalesce("first_told", "first"), at=pl.coalesce("first_at", "at")
        )
    fresh = told.filter(pl.col("at") == pl.col(LINE)).select(
        "key", pl.col("told").alias("first_told"), pl.col(LINE).alias("first_at")
    )
    seen.said[key] = fresh if before is None else pl.concat([before, fresh])
    odd = told.filter(pl.col("told") != pl.col("first"))
    lines = odd["at"].cast(pl.String)
    expected = "与第 " + lines + " 行一致 (the same as on line " + lines + ": " + ", ".join(said) + ")"
    return findings.about(odd, key, "CONTRADICTS", "").with_columns(expected.alias("expected"))
