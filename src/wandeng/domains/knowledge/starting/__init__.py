"""The texts that come with the product: one file a subject beside this module, every fact with its source."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from wandeng.domains.knowledge.types import Belongs, Text

FOLDER = Path(__file__).parent
_STATUS = {
    "C": "已核对公开文本", "Cp": "部分核对", "H": "凭记忆，较可靠", "M": "凭记忆，待核对", "L": "凭记忆，不确定", "self-made": "本系统自定",
}  # fmt: skip
"""How far a source was checked, as ``rules/`` marks it."""


@dataclass(frozen=True, slots=True)
class StartingText:
    """An article as the product brings it. ``rules`` are the dated rules, below ``rules/``, that its facts come from."""

    code: str
    kind: str
    shortcut: str
    valid_from: date
    text: Text
    rules: tuple[str, ...]


@cache
def texts() -> tuple[StartingText, ...]:
    """Every text of the product, in the order of the files."""
    found: list[StartingText] = []
    for path in sorted(FOLDER.glob("*.toml")):
        with path.open("rb") as file:
            found += [_text(one) for one in tomllib.load(file)["articles"]]
    return tuple(found)


def _text(one: dict[str, Any]) -> StartingText:
    sources = one.get("sources", [])
    return StartingText(
        code=one["code"],
        kind=one["kind"],
        shortcut=one.get("shortcut", ""),
        valid_from=one["valid_from"],
        text=Text(
            title=one["title"],
            text=one["text"].strip(),
            keywords=tuple(one.get("keywords", [])),
            sources=tuple(f"{source['says']}：{source['where']}（{_STATUS[source['status']]}）" for source in sources),
            belongs=tuple(
                Belongs(place["process"], place.get("case_class", ""), place.get("step", ""))
                for place in one.get("belongs", [])
            ),
        ),
        rules=tuple(dict.fromkeys(source["rule"] for source in sources if "rule" in source)),
    )
