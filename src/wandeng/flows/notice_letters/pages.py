"""A batch of letters is taken, and set on paper."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from importlib.resources import files

from wandeng.domains.notices import frames, queries
from wandeng.domains.notices.queries import sending
from wandeng.domains.notices.types import BatchShown
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.infra.typesetting import Typesetter
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import BILLING_ZONE

PRINTERS = (
    Role.HALL_CLERK, Role.CELL_MANAGER, Role.BILLING_CLERK, Role.ACCOUNTANT, Role.COUNTY_MANAGER,
)  # fmt: skip


def print_batch(*, unit_code: str, actor: Actor, at: datetime, library: RuleLibrary) -> tuple[int, int]:
    """Take the letters that wait in a unit and below, at most 500; the batch's number and how many, (0, 0) for none.

    Raises :class:`NotFound` for a unit outside the actor's, :class:`NotAllowed` for a role that prints none.
    """
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, *PRINTERS, unit_path=unit.path)
    with ColumnStore() as store:
        return frames.print_letters(
            store,
            unit_id=unit.unit_id,
            unit_path=unit.path,
            rule_of=lambda territory: sending.rule(library, at=at, territory=territory),
            actor=actor,
            at=at,
        )


def document(scope: Scope, batch_id: int, *, library: RuleLibrary) -> bytes:
    """The letters of a batch as one PDF, one a page. Raises :class:`NotFound`, ``FontMissing``."""
    batch = queries.letters(scope, batch_id, library=library)
    return _typesetter().pdf(_data(batch), made_on=batch.printed_at.astimezone(BILLING_ZONE).date())


def _data(batch: BatchShown) -> dict[str, object]:
    day = batch.printed_at.astimezone(BILLING_ZONE)
    letters = [
        {
            "sender": one.sender,
            "reference": one.reference,
            "address": one.address,
            "name": one.name,
            "title": one.title,
            "paragraphs": [part for part in one.text.split("\n") if part.strip()],
        }
        for one in batch.letters
    ]
    return {"letters": letters, "printed_on": f"{day.year}年{day.month}月{day.day}日"}


@lru_cache(maxsize=1)
def _typesetter() -> Typesetter:
    return Typesetter(files("wandeng.flows.notice_letters").joinpath("letters.typ").read_text("utf-8"))
