"""The forms texts are compared in: one spelling, the initials of a name, and pairs of neighboring characters.

Chinese has no words to index and names of two characters; so texts are cut into pairs of characters, which are words
enough, in any database, without an extension and whatever its locale.
"""

from __future__ import annotations

import itertools
import unicodedata
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

IN_NAME, IN_PLACE = 0, 1
"""Where a pair of characters stands: a name is told from an address by the number of the pair."""

_SHORT_NAME = 4
_READ_BY_NEIGHBORS = frozenset("行重长朝乐藏厦校调传弹会降便车盛系石差种番曾参蔚莘堡埔")
"""Characters in names of places and firms whose first letter depends on the word they stand in (银行, 步行)."""
_SURNAMES = str.maketrans(
    {
        "单": "s", "解": "x", "仇": "q", "区": "o", "查": "z", "盖": "g", "缪": "m", "覃": "q", "冼": "x", "翟": "z",
        "曾": "z", "朴": "p", "秘": "b", "种": "c", "员": "y", "谌": "c", "瞿": "q", "繁": "p", "乐": "y", "召": "s",
        "折": "s", "黑": "h", "适": "k", "尉": "w", "洗": "x", "祭": "z", "长": "z", "幺": "y", "逄": "p", "郗": "x",
    }
)  # fmt: skip
"""Characters that are read otherwise as a surname, or that a dictionary reads otherwise when they stand alone."""


def key(text: str) -> str:
    """One spelling: full-width forms narrowed, no spaces, no capitals.

    >>> key(" ＴＱ－0001 ")
    'tq-0001'
    """
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def initials(name: str) -> str:
    """First letters of the pinyin of a name; Latin letters and digits stand for themselves.

    >>> initials("张三"), initials("单雄信"), initials("中国银行A座")
    ('zs', 'sxx', 'zgyhaz')
    """
    written = key(name)
    if len(written) > _SHORT_NAME and not _READ_BY_NEIGHBORS.isdisjoint(written):
        # What is not Chinese comes back character by character.
        parts = lazy_pinyin(written, errors=list)  # type: ignore[arg-type]
        return "".join(part[0] for part in parts if part[0].isascii() and part[0].isalnum())
    first = written[:1].translate(_SURNAMES)
    return "".join(_letter(character) for character in first + written[1:])


def pinyin(name: str) -> str:
    """The whole pinyin of a name without tones or spaces; Latin letters and digits stand for themselves.

    >>> pinyin("银行"), pinyin("阶梯电价"), pinyin("12398热线")
    ('yinhang', 'jietidianjia', '12398rexian')
    """
    parts = lazy_pinyin(key(name), errors=list)  # type: ignore[arg-type]
    return "".join(character for part in parts for character in part if character.isascii() and character.isalnum())


@lru_cache(maxsize=50_000)
def _letter(character: str) -> str:
    if character.isascii():
        return character if character.isalnum() else ""
    found = lazy_pinyin(character, style=Style.NORMAL, errors="ignore")
    return found[0][:1] if found else ""


def pairs(text: str, where: int) -> set[int]:
    """The pairs of neighboring characters of a written form as numbers below 2³¹; two pairs may share one."""
    return {((ord(one) * 65_599 + ord(other)) & 0x3FFF_FFFF) * 2 + where for one, other in itertools.pairwise(text)}
