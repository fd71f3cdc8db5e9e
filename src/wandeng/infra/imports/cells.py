"""Text cells → typed columns, a whole column at a time; what does not fit becomes a finding, never a guess.

A reader turns the tidy text of a column into the expression of its values (null where the cell is empty or wrong) and
checks, each an expression that marks bad cells and the code of the complaint. Numbers never pass through binary
fractions. The source of each form is ``spec``.
"""

from __future__ import annotations

from functools import singledispatch

import polars as pl

from wandeng.infra.imports.spec import Choice, Code, Day, Flag, Form, Moment, Number, Text

BLANKS = " \t\r\n\u00a0\u3000\ufeff\u200b"
ZONE = "Asia/Shanghai"
_CONTROL = r"[\x00-\x1f\x7f\x{2028}\x{2029}]"
_CODE = r"^[\p{L}\p{N}._\-/#:]+$"
_NUMBER = r"^[+-]?[0-9]+(?:\.[0-9]+)?$"
_GROUPED = r"^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$"
_MAX_DIGITS = 15
_PLAIN_DIGITS = 12
_ISO = r"^\d{4}-\d{1,2}-\d{1,2}$"
_DATE_FORMS = (
    r"^(\d{4})-(\d{1,2})-(\d{1,2})[ T]0?0:00(?::00)?$",
    r"^(\d{4})/(\d{1,2})/(\d{1,2})(?: 0?0:00(?::00)?)?$",
    r"^(\d{4})\.(\d{1,2})\.(\d{1,2})$",
    r"^(\d{4})(\d{2})(\d{2})$",
    r"^(\d{4})年(\d{1,2})月(\d{1,2})日$",
)
_TIME = r"^(.*?)[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?$"
_YES = ("是", "y", "yes", "1", "true", "√")
_NO = ("否", "n", "no", "0", "false", "×")

Check = tuple[pl.Expr, str]
Reader = tuple[pl.Expr, list[Check]]


def tidy(text: pl.Expr) -> pl.Expr:
    """Trim blanks of every width; undo the quote that guards spreadsheet exports against formulas."""
    return text.str.strip_chars(BLANKS).str.replace(r"^'([=+\-@＝＋－＠\t\r])", "${1}")


def narrow(text: pl.Expr) -> pl.Expr:
    """Full-width letters, digits and signs as their narrow selves; the dashes people type as minus signs."""
    return text.str.normalize("NFKC").str.replace_all("[−–—]", "-")


@singledispatch
def reader(form: Form, text: pl.Expr) -> Reader:
    """Values and checks of one column. ``text`` is tidy, empty cells are null; only :class:`Text` keeps its width."""
    raise TypeError(f"no reader for {form}")


@reader.register
def _text(form: Text, text: pl.Expr) -> Reader:
    value = text.str.replace_all(r"[\t\r\n]+", " ")
    return value, [(value.str.contains(_CONTROL), "BAD_CHARACTERS"), (value.str.len_chars() > form.limit, "TOO_LONG")]


@reader.register
def _code(form: Code, text: pl.Expr) -> Reader:
    return text, [(~text.str.contains(_CODE), "NOT_A_CODE"), (text.str.len_chars() > form.limit, "TOO_LONG")]


@reader.register
def _choice(form: Choice, text: pl.Expr) -> Reader:
    words = {narrow_word(word): value for value, labels in form.labels.items() for word in (value, *labels)}
    value = text.str.to_lowercase().replace_strict(words, default=None, return_dtype=pl.String)
    return value, [(value.is_null(), "UNKNOWN_VALUE")]


@reader.register
def _flag(form: Flag, text: pl.Expr) -> Reader:
    words = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False)
    value = text.str.to_lowercase().replace_strict(words, default=None, return_dtype=pl.Boolean)
    return value, [(value.is_null(), "UNKNOWN_VALUE")]


@reader.register
def _number(form: Number, text: pl.Expr) -> Reader:
    plain = pl.when(text.str.contains(_GROUPED)).then(text.str.replace_all(",", "")).otherwise(text)
    whole = plain.str.extract(r"^[+-]?(\d+)", 1).str.strip_chars_start("0")
    fraction = plain.str.extract(r"\.(\d+)$", 1).fill_null("").str.strip_chars_end("0")
    too_fine = fraction.str.len_chars() > form.decimals
    too_big = whole.str.len_chars() > _MAX_DIGITS
    digits = pl.when(~too_fine & ~too_big).then("0" + whole + fraction.str.pad_end(form.decimals, "0"))
    size = digits.cast(pl.Int64, strict=False)
    value = pl.when(plain.str.starts_with("-")).then(-size).otherwise(size)
    scale = 10**form.decimals
    outside = too_big | (value < form.low * scale) | (value > form.high * scale)
    return value, [
        (~plain.str.contains(_NUMBER), "NOT_A_NUMBER"),
        (too_fine, "TOO_MANY_DECIMALS"),
        (outside, "OUT_OF_RANGE"),
    ]


def plain_number(form: Number, text: pl.Expr, *, may_be_empty: bool) -> tuple[pl.Expr, pl.Expr]:
    """The short way for a column of plain numbers: whether every cell is digits that :func:`reader` takes as they stand
    (or empty, where it may be), and the values, right only where that is so."""
    shape = rf"(?:\.[0-9]{{1,{form.decimals}}})?" if form.decimals else ""
    is_plain = text.str.contains(rf"^(?:[0-9]{{1,{_PLAIN_DIGITS}}}{shape}){'?' if may_be_empty else ''}$").all()
    scaled = text.cast(pl.Decimal(38, form.decimals), strict=False).to_physical() if form.decimals else text
    value = scaled.cast(pl.Int64, strict=False)
    scale = 10**form.decimals
    inside = value.is_between(form.low * scale, form.high * scale).all()
    return is_plain & inside, value


def _as_date(text: pl.Expr) -> pl.Expr:
    for form in _DATE_FORMS:
        text = text.str.replace(form, "${1}-${2}-${3}")
    return pl.when(text.str.contains(_ISO)).then(text).str.to_date("%Y-%m-%d", strict=False)


@reader.register
def _day(form: Day, text: pl.Expr) -> Reader:
    value = _as_date(text)
    return value, [(value.is_null(), "NOT_A_DATE"), (value.dt.year() < 1900, "OUT_OF_RANGE")]


@reader.register
def _moment(form: Moment, text: pl.Expr) -> Reader:
    day = _as_date(text.str.extract(_TIME, 1))
    hour, minute, second = (text.str.extract(_TIME, i).cast(pl.Int64, strict=False) for i in (2, 3, 4))
    in_day = (hour < 24) & (minute < 60) & (second.fill_null(0) < 60)
    local = day.cast(pl.Datetime("us")) + pl.duration(hours=hour, minutes=minute, seconds=second.fill_null(0))
    zoned = local.dt.replace_time_zone(ZONE, ambiguous="earliest", non_existent="null")
    value = pl.when(in_day).then(zoned.dt.convert_time_zone("UTC"))
    return value, [(value.is_null(), "NOT_A_TIME"), (value.dt.year() < 1900, "OUT_OF_RANGE")]


def narrow_word(word: str) -> str:
    """A label as :func:`narrow` and lower case leave it."""
    return str(pl.select(narrow(pl.lit(word)).str.to_lowercase()).item())


@singledispatch
def expected(form: Form) -> str:
    """What should have been written, for people."""
    raise TypeError(f"no description for {form}")


@expected.register
def _(form: Text) -> str:
    return f"不超过{form.limit}字的文本 (text of at most {form.limit} characters)"


@expected.register
def _(form: Code) -> str:
    return f"不超过{form.limit}位的编码，无空格 (a code of at most {form.limit} characters, no blanks)"


@expected.register
def _(form: Choice) -> str:
    words = "、".join(f"{labels[0]} ({value})" if labels else value for value, labels in form.labels.items())
    return f"之一 one of: {words}"


@expected.register
def _(form: Number) -> str:
    zh = (
        f"{form.low} 至 {form.high} 的数，至多{form.decimals}位小数"
        if form.decimals
        else f"{form.low} 至 {form.high} 的整数"
    )
    kind = f"a number with at most {form.decimals} decimals" if form.decimals else "a whole number"
    return f"{zh} ({kind}, {form.low} to {form.high})"


@expected.register
def _(form: Day) -> str:
    return "日期，如 2026-01-31、2026/1/31、20260131、2026年1月31日 (a date)"


@expected.register
def _(form: Moment) -> str:
    return "时间，如 2026-01-31 08:15:00 (a local date and time)"


@expected.register
def _(form: Flag) -> str:
    return "是 或 否 (yes or no)"
