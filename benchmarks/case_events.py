"""Events of cases through the whole engine in bulk: open, dispatch, accept, arrive, finish, call back. Beside it the single
actions, in the same database and run.

    python benchmarks/case_events.py [--cases 2000] [--single 60] [--chunk 1000]
    scripts/with-postgres python benchmarks/case_events.py …

Every event is checked as by the single action and leaves what it leaves: entries, clocks, papers, notices, operation log, events
for other systems, history of states. A chunk is one transaction that is on disk before the next begins; so is each single
action. ``identical``: the same cases were left by both ways, table by table, but for their numbers.
The seconds of processor time (``_cpu``) are what a busy machine would need if it were quiet. Without
``WANDENG_DATABASE_URL`` the database is an SQLite file in a temporary folder.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wandeng.config.settings")
ACCOUNTS = 20
EVENTS_A_CASE = 6
GOAL_A_SECOND = 1_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=2_000)
    parser.add_argument("--single", type=int, default=60)
    parser.add_argument("--chunk", type=int, default=1_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wandeng-bench-") as home:
        os.environ["WANDENG_HOME"] = home
        import django

        django.setup()
        print(json.dumps(measure(chosen.cases, chosen.single, chosen.chunk), indent=2))


def stream(cases: int, mark: str) -> list[Any]:
    """The events of faults that are told of an hour apart, so that none is grouped with another, in order of time."""
    from wandeng.domains.cases.frames import Happened
    from wandeng.domains.cases.tests import make
    from wandeng.domains.cases.types import Request

    clerk, dispatcher, crew = (make.actor(role) for role in ("CALL_CLERK", "DISPATCHER", "CELL_MANAGER"))
    arrived = {"EXPECTED": "2026-10-12T13:00:00+08:00"}
    found = []
    for place in range(cases):
        at, ref = make.NOW + timedelta(hours=place), f"{mark}{place}"
        request = Request("fault_repair", "PHONE_95598", make.FAULT, account_number=account(place % ACCOUNTS))
        found += [
            Happened("OPENED", at, clerk, ref=ref, request=request),
            Happened("FINISHED", at + timedelta(minutes=1), dispatcher, ref=ref, step="DISPATCH", handler=crew.code),
            Happened("FINISHED", at + timedelta(minutes=3), crew, ref=ref, step="ACCEPT"),
            Happened("FINISHED", at + timedelta(minutes=25), crew, ref=ref, step="ARRIVE", answers=arrived,
                     proofs=[make.HERE]),
            Happened("FINISHED", at + timedelta(minutes=50), crew, ref=ref, step="RESTORE", answers=make.REPAIRED,
                     proofs=[make.HERE, make.PHOTO], result="REPAIRED"),
            Happened("CALLED_BACK", at + timedelta(minutes=90), clerk, ref=ref, score=5),
        ]  # fmt: skip
    return sorted(found, key=lambda one: one.at)


def account(place: int) -> str:
    return f"10000000{place:02d}"


def measure(cases: int, single: int, chunk: int) -> dict[str, Any]:
    """Both ways over their cases, and the tables of as many cases of the bulk as were done singly."""
    from django.core.management import call_command
    from django.db import connection
    from tests.kits import bill_world

    from wandeng.domains.cases.frames import take
    from wandeng.domains.cases.tests import make
    from wandeng.domains.cases.types import Charter
    from wandeng.infra import pii

    call_command("migrate", verbosity=0)
    pii.create_key()
    make.county()
    for place in range(ACCOUNTS):
        if account(place) != make.ACCOUNT:
            bill_world.add_account(account(place), total={})
    charter = Charter.current()
    take(stream(20, "warm"), charter=charter)
    singly(stream(5, "warm"), charter)
    alone, many = stream(single, "r"), stream(cases, "r")
    begun, busy = time.perf_counter(), time.process_time()
    numbers = singly(alone, charter)
    single_s, single_cpu_s = time.perf_counter() - begun, time.process_time() - busy
    begun, busy = time.perf_counter(), time.process_time()
    taken = take(many, charter=charter, events_a_chunk=chunk)
    bulk_s, bulk_cpu_s = time.perf_counter() - begun, time.process_time() - busy
    same = {ref: taken.numbers[ref] for ref in numbers}
    rate, single_rate = len(many) / bulk_s, len(alone) / single_s
    return {
        "database": connection.vendor, "cases": cases, "events": len(many), "refused": len(taken.refused),
        "bulk_s": round(bulk_s, 2), "events_a_second": round(rate), "goal": GOAL_A_SECOND,
        "baseline": "single actions", "single_events": len(alone), "single_s": round(single_s, 2),
        "single_events_a_second": round(single_rate), "ratio": round(rate / single_rate, 1),
        "bulk_cpu_s": round(bulk_cpu_s, 2), "events_a_cpu_second": round(len(many) / bulk_cpu_s),
        "ratio_cpu": round(len(many) / bulk_cpu_s / (len(alone) / single_cpu_s), 1),
        "identical": tables(same) == tables(numbers) and taken.done == len(many),
    }  # fmt: skip


def singly(events: Sequence[Any], charter: Any) -> dict[str, str]:
    """The same events by the single actions; the numbers of the cases by their names."""
    from wandeng.domains.cases.actions import ending, intake, work

    numbers: dict[str, str] = {}
    for one in events:
        told = {"actor": one.actor, "at": one.at, "charter": charter}
        if one.kind == "OPENED":
            numbers[one.ref] = intake.open_case(request=one.request, **told).number
        elif one.kind == "FINISHED":
            work.finish(
                number=numbers[one.ref], step=one.step, answers=one.answers, proofs=one.proofs, handler=one.handler,
                result=one.result, **told,
            )  # fmt: skip
        else:
            ending.call_back(number=numbers[one.ref], score=one.score, remark="", channel="PHONE", **told)
    return numbers


def tables(numbers: dict[str, str]) -> dict[str, list[str]]:
    """What was written about cases, by their names instead of their numbers."""
    from wandeng.domains.cases.models import CallBack, Case, CaseClock, CaseEntry, CasePaper
    from wandeng.domains.notices.models import NoticeRecipient
    from wandeng.infra.models import Event, Operation, StateChange

    names = {number: ref for ref, number in numbers.items()}
    keys = dict(Case.objects.filter(number__in=names).values_list("pk", "number"))
    found: dict[str, list[str]] = {}

    def keep(model: Any, number_of: str, rows: Any, *left: str) -> None:
        columns = [one.name for one in model._meta.concrete_fields if one.name not in {"id", "case", "notice", *left}]
        lines = []
        for number, *values in rows.values_list(number_of, *columns):
            text = str(number)
            known = next((one for one in names if one in text), keys.get(number, ""))
            if known:
                lines.append(repr(values).replace(known, names[known]) + names[known])
        found[model.__name__] = sorted(lines)

    keep(Case, "number", Case.objects.filter(number__in=names), "form_sealed")
    for model in (CaseEntry, CaseClock, CasePaper, CallBack):
        keep(model, "case__number", model._default_manager.filter(case__number__in=names))
    keep(Operation, "subject_code", Operation.objects.filter(subject_code__in=names))
    keep(Event, "key", Event.objects.filter(key__in=[f"case:{one}" for one in names]))
    moves = StateChange.objects.filter(subject_type="cases.Case", subject_id__in=keys)
    keep(StateChange, "subject_id", moves, "subject_id")
    wanted = [f"case_task:{one}" for one in names]
    told = [one.pk for one in NoticeRecipient.objects.select_related("notice")
            if one.notice.key.rpartition(":")[0].rsplit(":", 3)[0] in wanted]  # fmt: skip
    keep(NoticeRecipient, "notice__key", NoticeRecipient.objects.filter(pk__in=told))
    return found


if __name__ == "__main__":
    main()
