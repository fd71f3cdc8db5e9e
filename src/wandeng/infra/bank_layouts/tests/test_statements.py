"""Statements of providers: what they close with must hold, a row that cannot be read is told, and no bytes raise anything else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.infra.bank_layouts import reading, statements
from wandeng.infra.bank_layouts.reading import Contents
from wandeng.infra.bank_layouts.tests import make
from wandeng.infra.bank_layouts.tests.statements import acquirer, alipay, unionpay, unionpay_line
from wandeng.infra.imports.refusals import FileRefused

NAMES = {"alipay": "2088_20260320_DETAILS.csv", "unionpay": "INN26032088ZM_777290058110048", "acquirer": "pos.csv"}
WHOLE = alipay(("O1", "128.50", ""), ("O1", "-20.00", "R1")).decode("gb18030")


def read(folder: Path, content: bytes, code: str) -> Contents:
    path = folder / "file.txt"
    path.write_bytes(content)
    layout = next(one for one in make.rules().statements if one.code == code)
    return statements.read(path, layout, bank=code.upper(), kind="03", file_name=NAMES[code])


def refusal(folder: Path, content: bytes, code: str) -> str:
    with pytest.raises(FileRefused) as refused:
        read(folder, content, code)
    return refused.value.reason


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_alipays_business_detail_is_payments_and_refunds_below_zero(tmp_path: Path, encoding: str) -> None:
    content = alipay(("O1", "128.50", ""), ("O2", "60.00", ""), ("O1", "-20.00", "R1"), encoding=encoding)
    found = read(tmp_path, content, "alipay")
    assert (found.heading.day, found.heading.count, found.heading.total_fen) == (date(2026, 3, 20), 3, 168_50)
    assert found.rows["reference"].to_list() == ["O1", "O2", "refund:R1"]
    assert found.rows["amount_fen"].to_list() == [128_50, 60_00, -20_00]
    assert (found.rows["fault"].to_list(), found.rows["serial"].n_unique()) == (["", "", ""], 3)


def test_unionpays_statement_is_cut_by_bytes_and_belongs_to_the_day_of_its_name(tmp_path: Path) -> None:
    found = read(tmp_path, unionpay(("O1", 128_50, "01"), ("R1", 20_00, "04")), "unionpay")
    assert (found.heading.day, found.heading.total_fen) == (date(2026, 3, 20), 108_50)
    assert found.rows["reference"].to_list() == ["O1", "refund:R1"]
    assert found.rows["day"].to_list() == [None, None]


def test_an_acquirers_detail_has_sales_and_what_was_voided(tmp_path: Path) -> None:
    found = read(tmp_path, acquirer(("900001", "128.50", "消费"), ("900001", "128.50", "撤销")), "acquirer")
    assert found.rows["amount_fen"].to_list() == [128_50, -128_50]
    assert found.rows["fault"].to_list() == ["", ""]


@pytest.mark.parametrize(
    ("was", "becomes", "reason"),
    [
        ("交易合计：1笔", "交易合计：2笔", "WRONG_COUNT"),
        ("共128.50元", "共128.51元", "WRONG_TOTAL"),
        ("退款共-20.00元", "退款共-19.00元", "WRONG_TOTAL"),
        ("#退款合计", "#", "NO_TRAILER"),
        ("共128.50元", "共十元", "NO_TRAILER"),
        ("共128.50元", "共1.2.3元", "NO_FIGURES"),
        ("2026年03月20日", "2026年13月20日", "NO_DAY"),
        ("起始日期", "日期", "NO_DAY"),
        ("商户订单号", "订单", "NO_HEADER"),
        ("支付宝交易号,", "", "NO_HEADER"),
    ],
)
def test_a_statement_whose_frame_does_not_hold_is_refused_whole(
    tmp_path: Path, was: str, becomes: str, reason: str
) -> None:
    assert was in WHOLE
    assert refusal(tmp_path, WHOLE.replace(was, becomes).encode("gb18030"), "alipay") == reason


def test_a_statement_cut_off_before_its_closing_lines_is_refused(tmp_path: Path) -> None:
    for at in (60, 120, WHOLE.index("T1,O1") + 20, WHOLE.index("#交易合计"), WHOLE.index("#退款合计")):
        assert refusal(tmp_path, WHOLE[:at].encode("gb18030"), "alipay") in {"NO_HEADER", "NO_TRAILER"}


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        (",交易,", ",收费,", "OTHER_BUSINESS"),
        (",O1,交易", ",,交易", "REQUIRED"),
        (",O1,交易", f",{'O' * 70},交易", "TOO_LONG"),
        ("2026-03-20 11:00:00,", "gestern,", "NOT_A_DATE"),
        (",128.50,128.50,", ",１２８.５０,128.50,", "NOT_PLAIN"),
        (",128.50,128.50,", ",1e2,128.50,", "NOT_AN_AMOUNT"),
        (",128.50,128.50,", ",128.50,", "WRONG_CELL_COUNT"),
        ("T1,O1,交易", 'T1,"O1,交易', "BROKEN_QUOTES"),
    ],
)
def test_each_defect_of_a_line_has_its_own_complaint(tmp_path: Path, was: str, becomes: str, fault: str) -> None:
    """What no longer counts as a payment is taken off the closing line too, so that the row is what is looked at."""
    assert was in WHOLE
    text = WHOLE.replace(was, becomes, 1)
    if fault in {"OTHER_BUSINESS", "WRONG_CELL_COUNT", "BROKEN_QUOTES"}:
        text = text.replace("交易合计：1笔，商家实收共128.50元", "交易合计：0笔，商家实收共0.00元")
    assert read(tmp_path, text.encode("gb18030"), "alipay").rows["fault"].to_list()[0] == fault


def test_each_defect_of_a_line_of_fixed_width_has_its_own_complaint(tmp_path: Path) -> None:
    good = unionpay_line("O1", 128_50, "01")
    lines = [good[:100], good.replace(b"000000012850", b"00000001285x"), unionpay_line("O2", 1, "99"), good]
    found = read(tmp_path, b"\r\n".join(lines) + b"\r\n", "unionpay")
    assert found.rows["fault"].to_list() == ["WRONG_LENGTH", "NOT_AN_AMOUNT", "OTHER_BUSINESS", ""]
    assert found.unread == 2
    assert refusal(tmp_path, good[:112] + b"\xff" + good[113:] + b"\r\n", "unionpay") == "NOT_TEXT"


def test_a_file_of_a_layout_is_told_from_a_statement_by_how_it_begins(tmp_path: Path) -> None:
    path = tmp_path / "f.txt"
    for content, is_layout in ((b"H,03,ALIPAY,B1,BS,2026-03-20,0,0.00\n", True), (WHOLE.encode("gb18030"), False)):
        path.write_bytes(content)
        assert reading.begins(path, make.layout("comma")) is is_layout


@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    code=st.sampled_from(sorted(NAMES)), at=st.integers(0, 900), size=st.integers(0, 40), noise=st.binary(max_size=12)
)
def test_no_bytes_raise_anything_but_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, code: str, at: int, size: int, noise: bytes
) -> None:
    whole = {
        "alipay": WHOLE.encode("gb18030"),
        "unionpay": unionpay(("O1", 1, "01"), ("O2", 2, "01")),
        "acquirer": acquirer(("9", "1.00", "消费")),
    }[code]
    try:
        found = read(tmp_path_factory.mktemp("s"), whole[:at] + noise + whole[at + size :], code)
    except FileRefused:
        return
    assert found.rows.filter(found.rows["fault"] == "")["amount_fen"].null_count() == 0
