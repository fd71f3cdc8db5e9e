"""Bank files (银行文件): which kinds there are, how each bank lays them out, and what its result codes mean."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from wandeng.infra.effective.topics.bank_statements import Statement
from wandeng.infra.effective.values import Count, Group, Rows, Strict, TopicModel

Task = Literal[
    "DEBIT_REQUEST",
    "COLLECTION_REQUEST",
    "ARREARS",
    "DEBIT_RESULT",
    "COLLECTION_RESULT",
    "FAILURES",
    "COUNTER",
    "DETAIL",
    "AGREEMENTS",
    "CUSTOMERS",
]
"""What a file is for: three kinds go out, the others come in."""

OUTGOING = frozenset({"DEBIT_REQUEST", "COLLECTION_REQUEST", "ARREARS"})

FieldName = Literal[
    "kind", "bank", "batch", "unit", "day", "count", "total",
    "serial", "account_number", "name", "bank_account", "agreement", "amount", "pay_mode", "result", "reason", "reference",
]  # fmt: skip
HEAD_FIELDS = frozenset({"kind", "bank", "batch", "unit", "day", "count", "total"})
_NEEDED = {"kind", "batch", "day", "count", "total"}

Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,16}$")]


class BankFileKind(Group):
    """A kind of file. ``pay_mode`` is what its money is taken as (缴费方式), empty where it moves none."""

    code: Code
    name_zh: str
    name_en: str
    task: Task
    pay_mode: str = ""


class PayMode(Strict):
    """How money came through a bank (缴费方式)."""

    code: Code
    name_zh: str
    name_en: str


class BankField(Strict):
    """A field of a record. ``width`` counts bytes of a fixed-width record; a delimited one has none."""

    name: FieldName
    width: Count = 0


class BankRecord(Strict):
    """The rows of some kinds of file."""

    kinds: Rows[Code]
    fields: Rows[BankField]

    @model_validator(mode="after")
    def _can_be_told_apart(self) -> BankRecord:
        names = [field.name for field in self.fields]
        if len(set(names)) != len(names) or HEAD_FIELDS - {"day"} & set(names):
            raise ValueError("a row has each field once, and none of the header's")
        if "serial" not in names:
            raise ValueError("a row needs a serial: it tells the row from every other")
        return self


class BankLayout(Group):
    """How a bank writes its files. Every record begins with its mark; ``header`` and ``trailer`` carry the count of rows
    and their total. ``amount``: FEN whole fen, YUAN yuan with two decimals."""

    code: Code
    name_zh: str
    form: Literal["FIXED", "DELIMITED"]
    delimiter: Annotated[str, Field(max_length=1)] = ""
    encoding: Literal["GB18030", "UTF-8"]
    line_end: Literal["CRLF", "LF"]
    amount: Literal["FEN", "YUAN"]
    day: Literal["%Y%m%d", "%Y-%m-%d"]
    marks: Rows[str]
    header: Rows[BankField]
    trailer: Rows[BankField]
    records: Rows[BankRecord]

    @model_validator(mode="after")
    def _can_be_read(self) -> BankLayout:
        every = [self.header, self.trailer, *(record.fields for record in self.records)]
        if len(self.marks) != 3 or len(set(self.marks)) != 3 or len({len(mark) for mark in self.marks}) != 1:
            raise ValueError("marks are three different texts of one length: header, row, trailer")
        if self.form == "FIXED" and any(not field.width for fields in every for field in fields):
            raise ValueError("every field of a fixed-width record has a width")
        if (self.form == "DELIMITED") != bool(self.delimiter):
            raise ValueError("a delimited layout, and only that, has a delimiter")
        if missing := _NEEDED - {field.name for field in self.header}:
            raise ValueError(f"the header lacks {', '.join(sorted(missing))}")
        if not {field.name for field in self.trailer} <= {"count", "total"}:
            raise ValueError("a trailer repeats the count and the total, and nothing else")
        kinds = [kind for record in self.records for kind in record.kinds]
        if len(set(kinds)) != len(kinds):
            raise ValueError("a kind of file has one record")
        return self

    def fields_of(self, kind: str) -> tuple[BankField, ...]:
        """The fields of a kind's rows; empty for a kind that this layout does not write."""
        return next((record.fields for record in self.records if kind in record.kinds), ())


class Bank(Strict):
    """A bank, a payment provider or an acquirer: who sends files and settles their money. ``statement``: the form of its own
    in which it tells its day, beside the layout."""

    code: Code
    name_zh: str
    name_en: str
    layout: Code
    statement: str = ""


class BankResult(Strict):
    """A result code of a debit: whether the money was taken."""

    code: Code
    name_zh: str
    name_en: str
    is_paid: bool


class BankFiles(TopicModel):
    """Kinds, banks, layouts and result codes in force."""

    topic_name: ClassVar[str] = "bank_files"

    kinds: Rows[BankFileKind]
    pay_modes: Rows[PayMode]
    results: Rows[BankResult]
    banks: Rows[Bank]
    layouts: Rows[BankLayout]
    statements: Rows[Statement] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> BankFiles:
        layouts, modes = {one.code for one in self.layouts}, {one.code for one in self.pay_modes}
        kinds = {one.code for one in self.kinds}
        for bank in self.banks:
            if bank.layout not in layouts:
                raise ValueError(f"bank {bank.code} names layout '{bank.layout}', which is not here")
            if bank.statement not in {"", *(one.code for one in self.statements)}:
                raise ValueError(f"bank {bank.code} names statement '{bank.statement}', which is not here")
        for kind in self.kinds:
            if kind.pay_mode and kind.pay_mode not in modes:
                raise ValueError(f"kind {kind.code} names pay mode '{kind.pay_mode}', which is not here")
        for layout in self.layouts:
            if unknown := {kind for record in layout.records for kind in record.kinds} - kinds:
                raise ValueError(f"layout {layout.code} names kinds {', '.join(sorted(unknown))}, which are not here")
        return self

    def kind(self, code: str) -> BankFileKind | None:
        """The kind of a code."""
        return next((one for one in self.kinds if one.code == code), None)

    def bank(self, code: str) -> Bank | None:
        """The bank of a code."""
        return next((one for one in self.banks if one.code == code), None)

    def layout_of(self, bank: Bank) -> BankLayout:
        """How a bank writes its files."""
        return next(one for one in self.layouts if one.code == bank.layout)

    def statement_of(self, bank: Bank) -> Statement | None:
        """How a provider tells its day in a form of its own."""
        return next((one for one in self.statements if one.code == bank.statement), None)

    def code_of(self, task: Task) -> str:
        """The first kind of file that is for something."""
        return next(one.code for one in self.kinds if one.task == task)

    def paid_codes(self) -> frozenset[str]:
        """The result codes that mean that the money was taken."""
        return frozenset(one.code for one in self.results if one.is_paid)
