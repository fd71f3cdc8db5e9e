"""Prompts put together: numbers as people read them, what must be recorded, recordings joined."""

from __future__ import annotations

import io
import wave

import pytest

from wandeng.kernel import spoken
from wandeng.kernel.errors import InvalidInput


def tone(frames: int, *, rate: int = 8_000, value: int = 0) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(value.to_bytes(2, "little") * frames)
    return made.getvalue()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0", "零"), ("10", "十"), ("15.00", "十五"), ("0.05", "零点零五"), ("110", "一百一十"), ("1010", "一千零一十"),
        ("2000.10", "二千点一"), ("100005", "十万零五"), ("12345678.9", "一千二百三十四万五千六百七十八点九"), ("-3", "负三"),
        ("10000000", "一千万"), ("300000000000", "三千亿"),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_do(text: str, said: str) -> None:
    assert spoken.number(text) == said


@pytest.mark.parametrize("text", ["", "abc", "1,000", "1.", "1000000000000", "１"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        spoken.number(text)


def test_a_prompt_is_its_fixed_parts_and_its_numbers() -> None:
    bill = "{month}电费{amount}元，现共欠{owed}元。"
    found = spoken.fragments("bill", bill, {"month": "2026年10月", "amount": "20.50", "owed": "0.00"})
    needed = spoken.needed({"bill": bill, "storm": "{announcement}", "hello": "您好。"})
    words = "".join(needed[one] for one in found)
    assert words == "二零二六年十月电费二十点五元，现共欠零元。"
    assert "hello-0" in needed
    assert not [one for one in needed if one.startswith("storm")]
    assert set(spoken.needed({"hello": "您好。"})) == {"hello-0"}
    assert spoken.fragments("storm", "{announcement}", {"announcement": "台风"}) == ()
    case = spoken.fragments("reported", "工单号{case}，请记好", {"case": "WD20-7"})
    assert case == ("reported-0", "num-2", "num-0", "num-7", "reported-1")
    with pytest.raises(InvalidInput, match="no month"):
        spoken.fragments("bill", bill, {"month": "十月", "amount": "1", "owed": "1"})


def test_recordings_are_joined_in_order() -> None:
    made = spoken.joined([("a", tone(4_000, value=7)), ("b", tone(8_000, value=9))])
    with wave.open(io.BytesIO(made), "rb") as one:
        frames = one.readframes(one.getnframes())
    assert frames == (7).to_bytes(2, "little") * 4_000 + (9).to_bytes(2, "little") * 8_000
    assert spoken.lasts_ms("ab", made) == 1_500
    with pytest.raises(InvalidInput, match="recording b has"):
        spoken.joined([("a", tone(1)), ("b", tone(1, rate=16_000))])
    with pytest.raises(InvalidInput, match="b is no WAV"):
        spoken.joined([("a", tone(1)), ("b", b"ID3")])
    with pytest.raises(InvalidInput, match="nothing"):
        spoken.joined([])
