from __future__ import annotations

import pytest

from wandeng.infra.bank_layouts.tests import make
from wandeng.kernel.errors import InvalidInput


def test_a_fixed_width_record_is_as_long_as_its_fields_say() -> None:
    lines = make.file("fixed", make.rows(2)).split(b"\r\n")
    # mark 1 + 2 + 8 + 24 + 16 + 8 + 8 + 16; 1 + 12 + 20 + 60 + 14 + 8 + 3 + 32; 1 + 8 + 16
    assert [len(line) for line in lines] == [83, 150, 150, 25, 0]
    assert lines[1][93:107] == b"00000000000100"


def test_a_number_that_does_not_fit_is_refused_not_cut() -> None:
    with pytest.raises(InvalidInput, match="does not fit the 14 bytes of amount"):
        make.file("fixed", [make.rows(1)[0] | {"amount": 10**14}])
    with pytest.raises(InvalidInput, match="account_number"):
        make.file("fixed", [make.rows(1)[0] | {"account_number": "4" * 21}])


def test_a_line_end_in_a_name_cannot_begin_a_new_record() -> None:
    content = make.file("comma", [make.rows(1)[0] | {"name": "甲\nD,2,430,乙,9.99"}])
    assert content.count(b"\n") == 3


def test_a_kind_that_the_layout_does_not_know_is_refused() -> None:
    with pytest.raises(InvalidInput, match="has no files of kind 99"):
        make.file("comma", [], kind="99")
