"""The published files: one a feeder, lists of places, and a heartbeat. A web server hands them out when the application is
dead, so whoever has one knows as much as the application did.

A feeder's file is written anew only when its answers changed, so that a browser that asks again hears "not modified".
How old an answer is tells ``heartbeat.json``, written after each round of looking at everything: what a file says was true
at ``made_at`` of a heartbeat that was fetched before the file.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import polars as pl
from django.conf import settings

from wandeng.domains.network.frames import areas as network
from wandeng.flows.supply_status import answers, tokens
from wandeng.flows.supply_status import planned as plans
from wandeng.flows.supply_status.answers import NOTHING_KNOWN, Answer, Say
from wandeng.flows.supply_status.planned import SayPlanned
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective import current
from wandeng.infra.scope import Scope

HEARTBEAT, INDEX, PLANNED = "heartbeat.json", "index.json", "planned.json"
EVERY_SECONDS = 3
"""How often a publisher looks at everything. An answer older than :data:`OLD_SECONDS` says so."""
OLD_SECONDS = 60
Document = dict[str, Any]
_Areas = dict[int, tuple[int, tuple[str, ...]]]


def folder() -> Path:
    """Where the files of this installation lie."""
    return Path(settings.HOME) / "status"


@dataclass(frozen=True, slots=True)
class Published:
    """What a round came to: feeders with a file, files written, areas that are off."""

    feeders: int
    written: int
    off: int


@dataclass(slots=True)
class _Places:
    """The network as files name it, until its equipment changes."""

    mark: str
    feeders: dict[int, str]
    areas: _Areas
    """Area → feeder, its tokens."""


@dataclass(slots=True)
class Publisher:
    """Writes the files of an installation, round by round. Only one publishes at a time: another one stands by and takes over
    when it ends, however it ends."""

    say: Say
    say_planned: SayPlanned
    home: Path = field(default_factory=folder)
    _lock: IO[str] | None = None
    _places: _Places | None = None
    _bodies: dict[str, str] = field(default_factory=dict)

    def publish(self, now: datetime) -> Published | None:
        """One round as of ``now``; ``None`` while another publishes. What fails leaves the files and the heartbeat as they
        were: their age tells."""
        if not self._is_mine():
            return None
        places, written = self._network()
        off = self._off(places, now)
        told = {number: self.say(answer, now) for number, answer in enumerate(off.answers)}
        for feeder, token in places.feeders.items():
            document = _document(off.by_feeder.get(feeder, {}), off.answers, told)
            written += self._write_versioned(f"{token}.json", document, now)
        written += self._write_planned(now)
        self._put(HEARTBEAT, {"made_at": _text(now), "every_seconds": EVERY_SECONDS, "feeders": len(places.feeders)})
        return Published(len(places.feeders), written, off.areas)

    def close(self) -> None:
        """Let another one publish."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _is_mine(self) -> bool:
        if self._lock is not None:
            return True
        self.home.mkdir(parents=True, exist_ok=True)
        held = (self.home / ".publisher").open("w")
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            held.close()
            return False
        self._lock = held
        return True

    def _network(self) -> tuple[_Places, int]:
        """The network's tokens, and how many lists were written because it is another one."""
        mark = network.mark()
        if self._places is not None and mark and self._places.mark == mark:
            return self._places, 0
        with ColumnStore() as store:
            found, feeders = network.areas(store), network.feeders(store).get_column("feeder").to_list()
        names = dict(zip(feeders, tokens.feeders(feeders), strict=True))
        ids = found.get_column("area").to_list()
        pairs = zip(tokens.areas_by_account(ids), tokens.areas_by_place(ids), strict=True)
        rows = zip(
            ids, found.get_column("feeder").to_list(), found.get_column("is_public").to_list(), pairs, strict=True
        )
        areas: _Areas = {area: (feeder, pair if is_public else pair[:1]) for area, feeder, is_public, pair in rows}
        written = self._write_lists(found, names, areas)
        self._places = _Places(mark, names, areas)
        self._forget_others(set(names.values()))
        return self._places, written

    def _write_lists(self, found: pl.DataFrame, feeders: Mapping[int, str], areas: _Areas) -> int:
        """A list of places for each unit, and the list of the lists."""
        written, units = 0, []
        public = found.filter("is_public").sort("unit_path", "place", "name", "area")
        for (code, unit), rows in public.group_by(["unit_code", "unit_name"], maintain_order=True):
            (token,) = tokens.units([str(code)])
            places: dict[str, list[Document]] = {}
            for area, name, place in rows.select("area", "name", "place").iter_rows():
                feeder, names = areas[area]
                entry = {"name": name, "feeder": feeders[feeder], "area": names[1]}
                places.setdefault(place or name, []).append(entry)
            body = {"unit": unit, "places": [{"name": name, "areas": these} for name, these in places.items()]}
            written += self._write(f"places-{token}.json", body)
            units.append({"name": unit, "file": f"places-{token}.json", "places": len(places)})
        return written + self._write(INDEX, {"units": units})

    def _write_planned(self, now: datetime) -> int:
        """A list of planned outages for each unit that has any, and the list of the lists with their versions."""
        by_unit: dict[tuple[str, str], list[Document]] = {}
        for one in plans.planned(Scope.everywhere(), now=now, library=current.library()):
            told = plans.document(one, self.say_planned(one))
            by_unit.setdefault((one.unit_code, one.unit_name), []).append(told)
        written, units = 0, []
        names = tokens.units(code for code, _ in by_unit)
        for token, ((_, unit), outages) in zip(names, by_unit.items(), strict=True):
            name, body = f"planned-{token}.json", {"unit": unit, "outages": outages}
            written += self._write(name, body)
            version = hashlib.sha256(_json(body).encode()).hexdigest()[:12]
            units.append({"name": unit, "file": name, "outages": len(outages), "version": version})
        written += self._write_versioned(PLANNED, {"units": units}, now)
        kept = {unit["file"] for unit in units}
        for path in self.home.glob("planned-*.json"):
            if path.name not in kept:
                path.unlink(missing_ok=True)
                self._bodies.pop(path.name, None)
        return written

    def _forget_others(self, names: set[str]) -> None:
        """Files of feeders that are gone."""
        for path in self.home.glob("*.json"):
            if tokens.is_token(path.stem) and path.stem not in names:
                path.unlink(missing_ok=True)
                self._bodies.pop(path.name, None)

    def _off(self, places: _Places, now: datetime) -> _Off:
        found = answers.answers(answers.table(now=now, library=current.library()))
        alike: dict[Answer, int] = {}
        off = _Off()
        for area, answer in found.items():
            if area not in places.areas:
                continue  # younger than the network we hold: with the next round
            feeder, names = places.areas[area]
            number = alike.setdefault(answer, len(alike))
            off.by_feeder.setdefault(feeder, {}).update(dict.fromkeys(names, number))
            off.areas += answer.is_off
        off.answers = list(alike)
        return off

    def _write_versioned(self, name: str, document: Document, now: datetime) -> int:
        """A file that says which version it is, and since when."""
        body = _json(document)
        if not self._is_other(name, body):
            return 0
        version = hashlib.sha256(body.encode()).hexdigest()[:12]
        self._put(name, {"version": version, "changed_at": _text(now), **document})
        self._bodies[name] = body
        return 1

    def _write(self, name: str, document: Document) -> int:
        body = _json(document)
        if not self._is_other(name, body):
            return 0
        self._put(name, document)
        self._bodies[name] = body
        return 1

    def _is_other(self, name: str, body: str) -> bool:
        """Whether a file is to be written: it says something else, or is not there. What an earlier publisher wrote stays."""
        if name not in self._bodies:
            with suppress(OSError, ValueError):
                there = json.loads((self.home / name).read_text())
                self._bodies[name] = _json({key: there[key] for key in there if key not in ("version", "changed_at")})
        return self._bodies.get(name) != body

    def _put(self, name: str, document: Document) -> None:
        """Rename into place: a reader meets the old file or the new one. Not pushed to the disk, unlike what must last: after a
        power failure everything is published anew."""
        temporary = self.home / f".{name}.{os.getpid()}"
        temporary.write_text(_json(document), encoding="utf-8")
        temporary.chmod(0o644)
        temporary.replace(self.home / name)


@dataclass(slots=True)
class _Off:
    """Different answers, and which token of which feeder has which."""

    answers: list[Answer] = field(default_factory=list)
    by_feeder: dict[int, dict[str, int]] = field(default_factory=dict)
    areas: int = 0


def _document(areas: Mapping[str, int], found: list[Answer], told: Mapping[int, Mapping[str, list[str]]]) -> Document:
    """A feeder's answers: token → place of its answer in ``answers``. A token that is not named: nothing is known."""
    used = sorted(set(areas.values()), key=lambda number: _json(shown(found[number])))
    place = {number: at for at, number in enumerate(used)}
    return {
        "answers": [{**shown(found[number]), "said": told[number]} for number in used],
        "areas": {token: place[areas[token]] for token in sorted(areas)},
    }


def shown(answer: Answer) -> Document:
    """An answer as JSON; what is empty is left out."""
    facts = {name: getattr(answer, name) for name in Answer.__slots__}
    return {name: _text(one) if isinstance(one, datetime) else one for name, one in facts.items() if one}


def read_back(document: Mapping[str, Any]) -> Answer:
    """The other way."""
    given: dict[str, Any] = {name: document[name] for name in Answer.__slots__ if name in document}
    for name in {"since", "until", "next_from", "next_until"} & given.keys():
        given[name] = datetime.fromisoformat(given[name])
    return Answer(**given)


def published_plans() -> tuple[str, tuple[plans.PlannedNotice, ...]]:
    """The planned outages that the files tell, the earliest first, and the version of the list; empty before any was written."""
    home = folder()
    try:
        index = json.loads((home / PLANNED).read_text())
    except (OSError, ValueError):
        return "", ()
    found: list[plans.PlannedNotice] = []
    for unit in index["units"]:
        with suppress(OSError, ValueError):  # a list that was taken away between the two: the next look has it right
            found += map(plans.read_back, json.loads((home / unit["file"]).read_text())["outages"])
    return index["version"], tuple(sorted(found, key=lambda one: (one.starts_at, one.number)))


@dataclass(frozen=True, slots=True)
class Standing:
    """What is published of an area, and when it was last looked at; ``None`` for never."""

    answer: Answer
    made_at: datetime | None


def published(feeder: str, area: str) -> Standing | None:
    """What the files say; ``None`` for a feeder without a file."""
    home = folder()
    looked_at = made_at()  # before the file: what it says is at least as new
    try:
        document = json.loads((home / f"{feeder}.json").read_text())
    except (OSError, ValueError):
        return None
    number = document["areas"].get(area)
    answer = NOTHING_KNOWN if number is None else read_back(document["answers"][number])
    return Standing(answer, looked_at)


def made_at() -> datetime | None:
    """When everything was looked at last; ``None`` for never."""
    with suppress(OSError, ValueError, KeyError):
        return datetime.fromisoformat(json.loads((folder() / HEARTBEAT).read_text())["made_at"])
    return None


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _text(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
