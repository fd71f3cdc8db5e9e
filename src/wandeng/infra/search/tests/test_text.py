from __future__ import annotations

import pytest

from wandeng.infra.search import text


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("张三", "zs"),
        ("李 四", "ls"),
        ("单雄信", "sxx"),  # as a surname 单 is Shàn, not dān
        ("解放", "xf"),
        ("中国工商银行白水营业部", "zggsyhbsyyb"),  # 行 is háng in a bank, not xíng
        ("长沙重庆路小学", "cscqlxx"),
        ("10kV城关线F012", "10kvcgxf012"),
        ("（ＡＢ）超市", "abcs"),
        ("", ""),
    ],
)
def test_initials_are_those_people_type(name: str, letters: str) -> None:
    assert text.initials(name) == letters


def test_a_written_form_knows_neither_width_nor_spaces_nor_capitals() -> None:
    assert text.key(" ＴＱ 0001　号") == text.key("tq0001号") == "tq0001号"


def test_pairs_of_a_part_are_among_the_pairs_of_the_whole_and_know_name_from_place() -> None:
    whole = text.pairs("白水镇新华村3组", text.IN_PLACE)
    assert text.pairs("新华村3", text.IN_PLACE) < whole
    assert not text.pairs("新华村3", text.IN_NAME) & whole
    assert text.pairs("张", text.IN_NAME) == set()
    assert max(text.pairs("𪚥" * 2 + "张三", text.IN_PLACE)) < 2**31  # four-byte characters too
