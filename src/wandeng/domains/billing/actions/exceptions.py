"""What people decide about parked accounts (核算异常), and taking them up again in the same run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from django.db import transaction
from django.db.models import Max

from wandeng.calc.rating.frames import FindingCode
from wandeng.domains.billing.actions.runs import get, refuse_posted
from wandeng.domains.billing.models import BillException, BillRun, BillShard
from wandeng.domains.billing.states import EXCEPTION, RUN
from wandeng.domains.organization.types import Role
from wandeng.infra import audit, ids
from wandeng.infra.scope import require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.ids import RunId

IDS_A_QUERY = 5_000


@transaction.atomic
def accept(
    *, run: RunId, code: str = "", account_numbers: Sequence[str] = (), reason: str, actor: Actor, at: datetime
) -> int:
    """Accept parked accounts as they are (held findings), or say that the cause of a blocking finding is mended.

    Chosen by ``code``, by accounts, or by both. Returns how many exceptions moved; they are priced again by
    :func:`retake`, or by the next run once this one is posted.

    Raises :class:`NotFound` when nothing parked matches, :class:`InvalidInput` without a choice or a reason.
    """
    row = get(run)
    require(actor, Role.BILLING_CLERK, Role.BILLING_REVIEWER, unit_path=row.unit.path)
    if not reason.strip():
        raise InvalidInput("say why the exceptions are accepted")
    if not code and not account_numbers:
        raise InvalidInput("name the accounts, or a code, or both")
    chosen = BillException.objects.filter(run=row, state="PARKED")
    if code:
        chosen = chosen.filter(code=code)
    if account_numbers:
        chosen = chosen.filter(account__account_number__in=list(account_numbers))
    moved = 0
    for exception in chosen.order_by("id"):
        verb = "accept" if exception.code in FindingCode.HELD else "mend"
        move(exception, EXCEPTION, verb, actor=actor, at=at, reason=reason)
        moved += 1
    if not moved:
        raise NotFound(f"bill run {run} has no parked exception like that")
    facts = {"code": code, "accounts": list(account_numbers), "count": moved}
    audit.record(actor=actor, action="bill_exception.accept", subject=row, facts=facts, at=at, reason=reason,
                 unit_path=row.unit.path)  # fmt: skip
    return moved


@transaction.atomic
def retake(*, run: RunId, actor: Actor, at: datetime) -> int:
    """Send a run back for the accounts of which nothing is parked any more: they become shards of their own.

    Returns how many accounts; 0 leaves the run as it is. An approval given before is void.

    Raises ``PostingBegun``: the next run of the month then takes these accounts.
    """
    row = get(run)
    require(actor, Role.BILLING_CLERK, Role.BILLING_REVIEWER, unit_path=row.unit.path)
    ready = _ready(row)
    if not ready:
        return 0
    move(row, RUN, "retake", actor=actor, at=at, approved_by="", approved_at=None)
    refuse_posted(row)
    number = row.shards.aggregate(last=Max("number"))["last"]
    for shard_id, pairs in groupby(ready, key=itemgetter(0)):
        number += 1
        _make_shard(row, shard_id, number, [account for _, account in pairs])
    return len(ready)


def _ready(run: BillRun) -> list[tuple[int, int]]:
    """(shard, account) of the run whose exceptions are all decided and not yet taken up, in order."""
    waiting = BillException.objects.filter(run=run, retaken_by__isnull=True)
    parked = waiting.filter(state="PARKED").values("account_id")
    decided = waiting.exclude(account_id__in=parked).values_list("shard_id", "account_id").distinct()
    return sorted(decided)


def _make_shard(run: BillRun, origin: int, number: int, accounts: list[int]) -> None:
    shard = BillShard.objects.create(
        id=ids.reserve(BillShard, 1), run=run, number=number, takes="RETAKE",
        month_index=BillShard.objects.get(pk=origin).month_index, account_from=accounts[0], account_to=accounts[-1] + 1,
    )  # fmt: skip
    for start in range(0, len(accounts), IDS_A_QUERY):
        some = accounts[start : start + IDS_A_QUERY]
        BillException.objects.filter(run=run, shard_id=origin, account_id__in=some, retaken_by__isnull=True).update(
            retaken_by=shard
        )
