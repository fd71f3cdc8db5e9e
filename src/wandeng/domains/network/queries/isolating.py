"""Which areas lose supply when parts are isolated (隔离) and ties feed others meanwhile, on the normal state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from wandeng.domains.network import live
from wandeng.domains.network.models import Feeder
from wandeng.domains.network.types.isolating import Isolated


def isolate(*, opened: Sequence[int], closed: Sequence[int], out: Sequence[int], on: date) -> Isolated:
    """What follows when these switches are opened and closed and these transformers are taken out, by ids.

    ``on`` is only the day whose customers a process keeps, if it keeps the network anew. Raises :class:`NotFound` for an
    unknown switch.
    """
    normal = live.equipment(on).normal
    changes = normal.what_if(opened=opened, closed=closed)
    trial = normal.copy()
    for switch in opened:
        trial.open(switch)
    for switch in closed:
        trial.close(switch)
    unfed = frozenset(normal.unfed().transformers.tolist())
    moved = tuple(sorted(one for one in changes.moved.transformers.tolist() if one not in out))
    sources = {trial.feeder_of_transformer(one) for one in moved}
    codes = dict(Feeder.objects.filter(pk__in=changes.feeders).values_list("pk", "code"))
    return Isolated(
        dead=tuple(sorted({*changes.lost.transformers.tolist(), *(one for one in out if one not in unfed)})),
        moved=moved,
        unfed=unfed,
        sources=tuple(sorted(one for one in sources if one is not None)),
        loops=tuple(sorted(codes[feeder] for feeder in changes.loops)),
        parallel=tuple(tuple(sorted(codes[feeder] for feeder in group)) for group in changes.parallel),
    )
