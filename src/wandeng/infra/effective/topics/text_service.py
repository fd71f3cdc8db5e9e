"""Two-way short messages (短信互动): which words ask for what, what is answered, and how often somebody may ask."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from wandeng.infra.effective.topics.notices import PurposeName
from wandeng.infra.effective.values import Group, Rows, Strict, TopicModel

Above = Annotated[int, Field(gt=0)]
Asked = Literal["BILL", "BALANCE", "OUTAGE", "PAY_POINTS", "OPT_OUT", "OPT_IN", "REPORT", "HELP"]
_SLOT = re.compile(r"\{([a-z_]+)\}")
SLOTS = {
    "BILL": {"account", "month", "energy", "amount", "due_on", "owed"},
    "NO_BILL": {"account"},
    "BALANCE": {"account", "owed", "credit"},
    "OUTAGE": {"account", "places"},
    "NO_OUTAGE": {"account", "hotline"},
    "PAY_POINTS": {"places", "hotline"},
    "NO_PAY_POINTS": {"hotline"},
    "OPTED_OUT": {"account"},
    "OPTED_IN": {"account"},
    "REPORTED": {"account", "case", "hotline"},
    "REPORTED_BEFORE": {"account", "case"},
    "CHOOSE": {"choices", "minutes"},
    "NO_CHOICE": set(),
    "NOT_VERIFIED": {"hotline"},
    "HELP": {"hotline"},
}
"""What is answered, and which slots its text may name."""


class Command(Strict):
    """Words that ask for one thing; compared without blanks, punctuation and case."""

    asks: Asked
    words: Rows[Annotated[str, Field(min_length=1, max_length=20)]]


class Commands(Group):
    """The table of commands (短信指令表)."""

    table: Rows[Command]

    @model_validator(mode="after")
    def _each_once(self) -> Commands:
        asks = [one.asks for one in self.table]
        words = [word.upper() for one in self.table for word in one.words]
        if len(set(asks)) != len(asks) or len(set(words)) != len(words):
            raise ValueError("a command and each of its words may stand in the table once")
        if any(word.isdigit() for word in words):
            raise ValueError("a number alone chooses among accounts and can be no command")
        return self


class Reply(Strict):
    """An answer: the ``code`` under which the gateway of the carrier knows its text, and the text."""

    answers: str
    code: Annotated[str, Field(pattern=r"^[A-Z0-9_]{3,32}$")]
    text: Annotated[str, Field(min_length=1, max_length=200)]

    @model_validator(mode="after")
    def _has_its_slots(self) -> Reply:
        if self.answers not in SLOTS:
            raise ValueError(f"there is no answer {self.answers}; there are {', '.join(sorted(SLOTS))}")
        unknown = set(_SLOT.findall(self.text)) - SLOTS[self.answers]
        if unknown or set("{}") & set(_SLOT.sub("", self.text)):
            raise ValueError(f"the answer {self.answers} knows the slots {', '.join(sorted(SLOTS[self.answers]))}")
        return self


class Replies(Group):
    """What is answered."""

    table: Rows[Reply]

    @model_validator(mode="after")
    def _whole(self) -> Replies:
        told = sorted(one.answers for one in self.table)
        if told != sorted(SLOTS):
            raise ValueError(f"each answer stands in the table once: {', '.join(sorted(SLOTS))}")
        return self


class Limits(Group):
    """Answers an hour to one number, minutes a choice of accounts stands, parts of a message, pay points and places named."""

    answers_an_hour: Above
    choice_minutes: Above
    most_parts: Above
    most_places: Above


class OptOut(Group):
    """Which purposes TD ends; the topic notices says which go all the same."""

    purposes: Rows[PurposeName]


class TextService(TopicModel):
    """Commands, answers, limits."""

    topic_name: ClassVar[str] = "text_service"

    commands: Commands
    replies: Replies
    limits: Limits
    opt_out: OptOut
