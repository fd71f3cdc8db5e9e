"""What proves a step or a pause, and the files of it: each is stored once under the hash of its content."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from wandeng.domains.cases.models import Case, CasePaper
from wandeng.domains.cases.types import EvidenceMissing, Proof
from wandeng.infra import files, statements
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.infra.processes.parts import START
from wandeng.infra.statements import Reading
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, NotFound

JUST_NOW = timedelta(hours=1)
MOST_BYTES = 10 * 1024 * 1024
KINDS = ("DOCUMENT", "PHOTO", "PLACE", "SIGNATURE", "RECORDING", "PAPER")
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".pdf", ".mp3", ".m4a", ".wav")
_HEADS = {
    ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff", ".png": b"\x89PNG", ".webp": b"RIFF", ".pdf": b"%PDF",
    ".wav": b"RIFF",
}  # fmt: skip


def take(row: Case, step: str, proofs: Sequence[Proof], actor: Actor, at: datetime) -> int:
    """Store proofs of a step (or pause) of the case's present round; returns how many.

    Raises :class:`InvalidInput` for a kind or file that is not taken.
    """
    made = papers(row, step, proofs, actor, at)
    statements.insert(made)
    return len(made)


def papers(row: Case, step: str, proofs: Sequence[Proof], actor: Actor, at: datetime) -> list[CasePaper]:
    """Proofs as papers that are not stored yet; their files are. Raises as :func:`take`."""
    return [_paper(row, step, one, actor, at) for one in proofs]


def _paper(row: Case, step: str, proof: Proof, actor: Actor, at: datetime) -> CasePaper:
    if proof.kind not in KINDS:
        raise InvalidInput(f"there is no proof of the kind {proof.kind}")
    if proof.kind == "PLACE" and proof.place is None:
        raise InvalidInput("a place needs its position")
    if proof.kind == "PHOTO" and not proof.content:
        raise InvalidInput("a photo needs its file")
    return CasePaper(
        case=row, kind=proof.kind, document=proof.document, step=step, round=row.rounds, label=proof.label,
        file_name=Path(proof.file_name).name[:128], file_hash=_kept(proof) if proof.content else "",
        longitude_e6=proof.place.longitude_e6 if proof.place else None,
        latitude_e6=proof.place.latitude_e6 if proof.place else None, at=at, actor=actor.code,
    )  # fmt: skip


def _kept(proof: Proof) -> str:
    suffix = Path(proof.file_name).suffix.lower()
    if suffix not in SUFFIXES or not proof.content.startswith(_HEADS.get(suffix, b"")):
        raise InvalidInput(f"a file of this kind is not taken: expected one of {', '.join(SUFFIXES)}")
    if len(proof.content) > MOST_BYTES:
        raise InvalidInput(f"the file is larger than {MOST_BYTES // 1024 // 1024} MB")
    digest = hashlib.sha256(proof.content).hexdigest()
    path = _path(digest, suffix)
    if path.exists():
        # Told to be in use again: what sweeps destroyed evidence leaves a file alone that somebody just handed in.
        os.utime(path)
    else:
        files.write_whole(path, lambda temporary: temporary.write_bytes(proof.content))
    return digest


def content(paper: CasePaper) -> bytes:
    """The bytes of a paper's file. Raises :class:`NotFound` for one without, or whose file is gone."""
    if paper.destroyed_at is not None:
        raise NotFound(f"the file of paper {paper.pk} was destroyed when its years were over")
    path = _path(paper.file_hash, Path(paper.file_name).suffix.lower()) if paper.file_hash else None
    if path is None or not path.is_file():
        raise NotFound(f"paper {paper.pk} has no file")
    return path.read_bytes()


def own_photos(number: str, who: str) -> QuerySet[CasePaper]:
    """The photos a customer sent with a case of their own under a name, and that are still there."""
    rows = CasePaper.objects.filter(case__number=number, kind="PHOTO", step=START, actor=who)
    return rows.filter(destroyed_at__isnull=True).order_by("id")


def forget(at: datetime) -> int:
    """Remove the files of destroyed papers that no other paper refers to, and their hashes from the papers; returns how many
    files. A file that was handed in again a moment ago waits for the next time: its new paper may not be stored yet."""
    gone, done = 0, list[int]()
    rows = CasePaper.objects.filter(destroyed_at__isnull=False).exclude(file_hash="").order_by("id")
    for one in rows:
        path = _path(one.file_hash, Path(one.file_name).suffix.lower())
        in_use = CasePaper.objects.filter(file_hash=one.file_hash, destroyed_at__isnull=True).exists()
        if path.is_file() and not in_use:
            if path.stat().st_mtime > (at - JUST_NOW).timestamp():
                continue
            path.unlink()
            gone += 1
        done.append(one.pk)
    CasePaper.objects.filter(pk__in=done).update(file_hash="")
    return gone


def _path(digest: str, suffix: str) -> Path:
    return Path(settings.HOME) / "cases" / digest[:2] / f"{digest}{suffix}"


def require(row: Case, body: ProcessDefinition, step: str, *, given: Sequence[Proof] = ()) -> None:
    """Every kind of proof the step wants, in this round: among those just ``given``, or handed in before. The time is proved
    by the entry itself.

    Raises :class:`EvidenceMissing`.
    """
    here = {one.kind for one in given}
    require_kinds(row, step, [kind for kind in body.step(step).evidence if kind not in here])


def require_kinds(row: Case, step: str, kinds: Sequence[str]) -> None:
    """Raises :class:`EvidenceMissing` naming the kinds that are not there."""
    if not set(kinds) - {"TIME"}:
        return
    require_among((kind for (kind,) in _KINDS(row.pk, step, row.rounds)), kinds)


_KINDS: Reading[tuple[str]] = Reading(
    lambda case, step, number: CasePaper.objects.filter(case_id=case, step=step, round=number).values_list("kind"),
    int, str, int,
)  # fmt: skip
_DOCUMENTS: Reading[tuple[str]] = Reading(
    lambda case: CasePaper.objects.filter(case_id=case, kind="DOCUMENT").values_list("document"), int
)


def require_among(here: Iterable[str], kinds: Sequence[str]) -> None:
    """Raises :class:`EvidenceMissing` naming the kinds that are not among those here; the time is proved by the entry."""
    wanted, here = [kind for kind in kinds if kind != "TIME"], set(here)
    missing = [kind for kind in wanted if kind not in here]
    if missing:
        raise EvidenceMissing(f"the step needs a proof: {', '.join(missing)}", evidence=missing)


def documents_here(row: Case) -> frozenset[str]:
    """Documents that were handed in or seen."""
    return frozenset(document for (document,) in _DOCUMENTS(row.pk))
