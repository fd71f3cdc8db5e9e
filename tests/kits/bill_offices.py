"""Offices to crash in: each a unit of its own, so that what one crash leaves behind disturbs no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.kits import bill_steps as steps
from tests.kits import bill_world as world
from wandeng.domains.billing.actions import runs
from wandeng.domains.billing.models import Bill, BillException, BillLine, BillRun, BillShard
from wandeng.domains.ledger.models import EntryLine
from wandeng.flows import bill_correction, bill_run
from wandeng.infra.models import StateChange
from wandeng.kernel.ids import RunId
from wandeng.kernel.periods import Month

SEPTEMBER = Month(2026, 9)
SEP1, OCT1 = date(2026, 9, 1), date(2026, 10, 1)


class Office:
    """A unit of its own for each crash: two accounts to bill, one to park, in shards of one account."""

    def __init__(self, number: int, *, is_new: bool = True) -> None:
        self.number, self.code = number, f"u{number:04d}"
        if is_new:
            self._make()
        here = {"unit_path": f"{self.code}/"}
        self.maker, self.checker = replace(world.MAKER, **here), replace(world.CHECKER, **here)
        self.shop = replace(steps.shop(), shard_accounts=1)

    def _make(self) -> None:
        world.found(code=self.code)
        make = {"unit_code": self.code}
        self.first = world.add_account(f"{self.code}-1", total={SEP1: 0, OCT1: 250}, **make)
        world.add_account(f"{self.code}-2", code=world.COMMERCIAL, total={SEP1: 0, OCT1: 100}, **make)
        world.add_account(f"{self.code}-3", total={SEP1: 0}, **make)

    def bill(self) -> None:
        """From nothing to published, going on from wherever it stands; nothing when it is published."""
        if BillRun.objects.filter(unit__code=self.code, state="PUBLISHED").exists():
            return
        view = bill_run.run(unit_code=self.code, month=SEPTEMBER, actor=self.maker, at=world.NOW, shop=self.shop)
        self.finish(RunId(view.run_id))

    def finish(self, run_id: RunId) -> None:
        state = runs.get(run_id).state
        if state == "CHECKED":
            runs.approve(run=run_id, actor=self.checker, at=world.NOW)
        if runs.get(run_id).state == "APPROVED":
            bill_run.post(run_id, actor=self.maker, at=world.NOW)
        if runs.get(run_id).state == "POSTED":
            bill_run.publish(run_id, actor=self.maker, at=world.NOW)

    def rebill(self) -> None:
        """Bill the first account again and take the correction to its end, going on from wherever it stands."""
        done = BillRun.objects.filter(unit__code=self.code, kind="CORRECTION").exclude(state="OPEN").first()
        if done is None or done.state in ("FROZEN", "PRICED"):
            made = bill_correction.rebill(
                account_number=f"{self.code}-1", month=SEPTEMBER, reason="抄表更正", actor=self.maker, at=world.NOW,
                shop=self.shop,
            )  # fmt: skip
            done = BillRun.objects.get(pk=made.run.run_id)
        self.finish(RunId(done.pk))

    def wrongs(self, expected: list[tuple[str, int]]) -> list[str]:
        """What is not as it must be when the bills are ``expected`` (kind, fen), by account and revision."""
        bills = Bill.objects.filter(account__unit__code=self.code).order_by("account_id", "revision")
        found = list(bills.values_list("kind", "amount_fen"))
        wrong = [] if found == expected else [f"bills {found}"]
        for bill in bills:
            if sum(BillLine.objects.filter(bill=bill).values_list("amount_fen", flat=True)) != bill.amount_fen:
                wrong.append(f"lines of bill {bill.pk}")
        run_ids = list(BillRun.objects.filter(unit__code=self.code).values_list("pk", flat=True))
        stages = set(BillShard.objects.filter(run_id__in=run_ids).values_list("stage", flat=True))
        if stages != {"POSTED"} or set(BillRun.objects.filter(pk__in=run_ids).values_list("state", flat=True)) != {
            "PUBLISHED"
        }:
            wrong.append("not finished")
        owed = EntryLine.objects.filter(
            account__unit__code=self.code, ledger_account="RECEIVABLE", entry__is_posted=True
        ).values_list("amount_fen", flat=True)
        if sum(owed) != sum(amount for _, amount in expected):
            wrong.append(f"receivables {list(owed)}")
        if BillException.objects.filter(account__unit__code=self.code).count() != 1:
            wrong.append("exceptions")
        moves = StateChange.objects.filter(subject_type="billing.BillRun", subject_id__in=run_ids)
        if len(set(moves.values_list("subject_id", "move"))) != moves.count():
            wrong.append("a state was moved twice")
        return wrong
