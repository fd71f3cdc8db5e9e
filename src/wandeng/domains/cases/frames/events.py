"""Many events of many cases (工单事件批量): a chunk of them is read, done and written together, in one transaction.

What is refused is told and changes nothing; all else stands as after the single actions, by the same rules. A case that has a
crew, belongs to an incident, needs a permit, has an effect to be carried out or is opened again is worked on by the single
actions themselves, after the rest of its chunk. A fault that is still open when its chunk ends is then grouped with others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from wandeng.domains.cases import batching, grouping
from wandeng.domains.cases.actions import ending, work
from wandeng.domains.cases.batching import NotInBatch
from wandeng.domains.cases.charter import Charter
from wandeng.domains.cases.models import Case, IncidentCase
from wandeng.domains.cases.sitting import Sitting
from wandeng.domains.cases.types import Proof, Request
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, Refused

KINDS = ("OPENED", "FINISHED", "CALLED_BACK")
EVENTS_A_CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Happened:
    """One event. OPENED takes a ``request`` and gives the case the name ``ref``, by which later events of the batch mean it;
    others name it by ``ref`` or ``number``. FINISHED: ``step`` with ``answers``, ``proofs``, ``handler``, ``result``, ``note``,
    ``key`` as ``work.finish``. CALLED_BACK: ``score``, ``note`` and ``channel`` as ``ending.call_back``."""

    kind: str
    at: datetime
    actor: Actor
    ref: str = ""
    number: str = ""
    request: Request | None = None
    step: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    proofs: Sequence[Proof] = ()
    handler: str = ""
    result: str = ""
    note: str = ""
    key: str = ""
    score: int = 0
    channel: str = "PHONE"


@dataclass(frozen=True, slots=True)
class EventRefused:
    """An event that was not done: its place in the batch from 0, the code of the refusal and its sentence."""

    place: int
    code: str
    message: str


@dataclass
class Taken:
    """What became of a batch: how many events were done, which were refused, and the cases that were opened, by ``ref``."""

    done: int = 0
    refused: list[EventRefused] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)

    @property
    def codes(self) -> Counter[str]:
        """How often each refusal occurred."""
        return Counter(one.code for one in self.refused)


def take(
    events: Sequence[Happened], *, charter: Charter, events_a_chunk: int = EVENTS_A_CHUNK,
    progress: Callable[[int], None] | None = None,
) -> Taken:  # fmt: skip
    """Take in events in their order; each chunk is one transaction, and ``progress`` hears after it how many are through.

    Raises :class:`InvalidInput` for a kind there is not, before anything of its chunk is done.
    """
    taken = Taken()
    for start in range(0, len(events), events_a_chunk):
        chunk = events[start : start + events_a_chunk]
        with transaction.atomic():
            _Chunk(chunk, start, charter, taken).take()
        if progress:
            progress(start + len(chunk))
    return taken


@dataclass
class _Chunk:
    events: Sequence[Happened]
    start: int
    charter: Charter
    taken: Taken
    alone: list[tuple[int, Happened]] = field(default_factory=list)
    opened: list[tuple[Case, Happened]] = field(default_factory=list)

    def take(self) -> None:
        unknown = sorted({one.kind for one in self.events} - set(KINDS))
        if unknown:
            raise InvalidInput(f"there is no event {', '.join(unknown)}")
        numbers = {self._number(one) for one in self.events if one.kind != "OPENED"} - {""}
        sitting = Sitting.of(numbers, self.charter)
        sitting.wants = {Case: sum(one.kind == "OPENED" for one in self.events)}
        for place, one in enumerate(self.events, start=self.start):
            self._try(place, lambda one=one, place=place: self._one(sitting, place, one))  # type: ignore[misc]
        sitting.write()
        for place, one in self.alone:
            self._try(place, lambda one=one: self._singly(one))  # type: ignore[misc]
        for row, one in self.opened:
            # An incident that an earlier call made has taken in the later ones already.
            if row.state == "OPEN" and not IncidentCase.objects.filter(case=row).exists():
                row.refresh_from_db()
                grouping.after_opening(row, self.charter, actor=one.actor, at=one.at)

    def _try(self, place: int, do: Callable[[], bool]) -> None:
        try:
            self.taken.done += do()
        except Refused as refusal:
            self.taken.refused.append(EventRefused(place, refusal.code, refusal.message))

    def _one(self, sitting: Sitting, place: int, one: Happened) -> bool:
        """Whether it was done; what goes by the single actions is done later."""
        if one.kind == "OPENED":
            return self._open(sitting, one)
        file = sitting.file(self._number(one), one.actor)
        if not file.is_alone:
            try:
                with sitting.part(file):
                    if one.kind == "FINISHED":
                        batching.finish(
                            sitting, file, step=one.step, answers=one.answers, proofs=one.proofs, handler=one.handler,
                            result=one.result, note=one.note, key=one.key, actor=one.actor, at=one.at,
                        )  # fmt: skip
                    else:
                        batching.call_back(
                            sitting, file, score=one.score, remark=one.note, channel=one.channel, actor=one.actor,
                            at=one.at,
                        )  # fmt: skip
                return True
            except NotInBatch:
                file.is_alone = True
        self.alone.append((place, one))
        return False

    def _open(self, sitting: Sitting, one: Happened) -> bool:
        if one.request is None:
            raise InvalidInput("an OPENED event needs its request")
        with sitting.part(None):
            file = batching.opened(sitting, one.request, actor=one.actor, at=one.at)
        sitting.files[file.row.number] = file
        self.opened.append((file.row, one))
        if one.ref:
            self.taken.numbers[one.ref] = file.row.number
        return True

    def _singly(self, one: Happened) -> bool:
        number, told = self._number(one), {"actor": one.actor, "at": one.at, "charter": self.charter}
        if one.kind == "FINISHED":
            work.finish(
                number=number, step=one.step, answers=one.answers, proofs=one.proofs, handler=one.handler,
                result=one.result, note=one.note, key=one.key, **told,  # type: ignore[arg-type]
            )  # fmt: skip
        else:
            ending.call_back(number=number, score=one.score, remark=one.note, channel=one.channel, **told)  # type: ignore[arg-type]
        return True

    def _number(self, one: Happened) -> str:
        return one.number or self.taken.numbers.get(one.ref, "")
