"""One rule file from bytes to a version: parse, check against its topic's schema and against its own path."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError

from wandeng.infra.effective.problems import RuleProblem
from wandeng.infra.effective.topics import TOPICS
from wandeng.infra.effective.values import Facts, Group, TopicModel
from wandeng.infra.effective.versions import RuleVersion
from wandeng.kernel.periods import FAR_FUTURE

Body = TypeVar("Body", bound=Group)


def content_hash(raw: bytes) -> str:
    """SHA-256 of the text with line ends made ``\\n``."""
    return hashlib.sha256(raw.replace(b"\r\n", b"\n")).hexdigest()


def read_toml(path: Path, shown: str) -> tuple[Facts, bytes] | RuleProblem:
    """The table of a file and its bytes, or the complaint that it is not TOML in UTF-8."""
    raw = path.read_bytes()
    try:
        return tomllib.loads(raw.decode("utf-8")), raw
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return RuleProblem(shown, "", date_of_name(path.stem), f"not readable as TOML: {error}")


def date_of_name(stem: str) -> date | None:
    """The effective date a file's name states, ``None`` when it states none."""
    try:
        return date.fromisoformat(stem)
    except ValueError:
        return None


def dotted(location: tuple[int | str, ...]) -> str:
    """A pydantic location as a person would write it.

    >>> dotted(("seasons", 1, "tiers", 0, "up_to_kwh"))
    'seasons[1].tiers[0].up_to_kwh'
    """
    text = ""
    for step in location:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.lstrip(".")


def schema_problems(error: ValidationError, shown: str, on: date | None) -> list[RuleProblem]:
    """What a schema found wrong with a file, one complaint a place."""
    problems = []
    for entry in error.errors(include_url=False):
        message = entry["msg"].removeprefix("Value error, ")
        if entry["type"] == "extra_forbidden":
            message = "unknown key"
        problems.append(RuleProblem(shown, dotted(entry["loc"]), on, message))
    return problems


@dataclass(frozen=True, slots=True)
class DatedFile(Generic[Body]):
    """A file as read: the day it holds from, the SHA-256 of its text, what it says."""

    effective_from: date
    content_hash: str
    body: Body


def read_dated(
    path: Path, shown: str, schema: type[Body], stated: Mapping[str, object]
) -> tuple[DatedFile[Body] | None, list[RuleProblem]]:
    """Read one file that bears its effective date as its name. ``stated``: what else its path says, by key of the schema.

    The file is ``None`` when there are problems.
    """
    on = date_of_name(path.stem)
    if on is None:
        return None, [RuleProblem(shown, "", None, "the name must be the effective date, YYYY-MM-DD.toml")]
    loaded = read_toml(path, shown)
    if isinstance(loaded, RuleProblem):
        return None, [loaded]
    facts, raw = loaded
    try:
        body = schema.model_validate(facts)
    except ValidationError as error:
        return None, schema_problems(error, shown, on)
    problems = [
        RuleProblem(shown, key, on, f"the path says {expected}, the file says {getattr(body, key)}")
        for key, expected in {**stated, "effective_from": on}.items()
        if getattr(body, key) != expected
    ]
    return (None, problems) if problems else (DatedFile(on, content_hash(raw), body), [])


def read_version(
    root: Path, territory: str, topic: str, path: Path
) -> tuple[RuleVersion[TopicModel] | None, list[RuleProblem]]:
    """Read one rule file. The version is ``None`` when there are problems."""
    shown = path.relative_to(root).as_posix()
    read, problems = read_dated(path, shown, TOPICS[topic], {"topic": topic, "territory": territory})
    if read is None:
        return None, problems
    version = RuleVersion(
        topic=topic,
        territory=territory,
        effective_from=read.effective_from,
        effective_to=read.body.effective_to or FAR_FUTURE,
        path=shown,
        content_hash=read.content_hash,
        body=read.body,
    )
    return version, []
