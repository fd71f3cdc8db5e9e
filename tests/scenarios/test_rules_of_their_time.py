"""Prices change afterwards; bills already made say the same as before, byte for byte, and name the text they were made by
(M11)."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from tests.kits import bill_world as world

from wandeng.domains.billing import queries
from wandeng.flows import bill_run
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.models import RuleText
from wandeng.infra.scope import Scope
from wandeng.kernel.ids import RunId
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
JULY, AUGUST = Month(2026, 7), Month(2026, 8)
SCOPE = Scope(world.MAKER.unit_path)
NUMBER = "430000000001"


def dearer_rules(folder: Path) -> Path:
    """The shipped rules, with the first residential tier of the demonstration county at 0.688 in place of 0.588."""
    shutil.copytree(default_root(), folder)
    file = folder / "demo" / "residential" / "2025-01-01.toml"
    text = file.read_text("utf-8")
    changed = text.replace('tiers = ["0.588", "0.638", "0.888"]', 'tiers = ["0.688", "0.738", "0.988"]')
    assert changed != text
    file.write_text(changed, "utf-8")
    return folder


def test_a_rule_file_edited_after_the_bill_changes_the_next_bill_and_not_the_old_one(tmp_path: Path) -> None:
    world.found()
    faces = {date(2026, 6, 1): 700, date(2026, 7, 1): 1000, date(2026, 8, 1): 1460, date(2026, 9, 1): 1920}
    world.add_account(NUMBER, total=faces)
    shop = bill_run.Workshop.default()
    july = bill_run.run(unit_code=world.UNIT, month=JULY, actor=world.MAKER, at=world.NOW, shop=shop)
    before = queries.explain(SCOPE, account_number=NUMBER, month=JULY)

    root = dearer_rules(tmp_path / "rules")
    dearer = bill_run.Workshop(RuleLibrary.load(root), root)
    august = bill_run.run(unit_code=world.UNIT, month=AUGUST, actor=world.MAKER, at=world.NOW, shop=dearer)

    # 460 kWh each month. July: 200 × 0.588 + 250 × 0.638 + 10 × 0.888 = 285.98; August, ten fen more a kWh: 331.98.
    assert (july.totals.amount_fen, august.totals.amount_fen) == (28_598, 33_198)
    assert queries.explain(SCOPE, account_number=NUMBER, month=JULY) == before
    assert bill_run.verify(RunId(july.run_id), actor=world.MAKER) == []
    assert bill_run.verify(RunId(august.run_id), actor=world.MAKER) == []
    # Both texts of the edited file are kept, word for word.
    texts = RuleText.objects.filter(path="demo/residential/2025-01-01.toml").values_list("text", flat=True)
    assert sorted('"0.588"' in text for text in texts) == [False, True]


def test_a_thousand_bills_priced_again_after_the_change_are_the_same(tmp_path: Path) -> None:
    world.found()
    with ColumnStore() as store:
        world.populate(store, 1_000, [JULY])
    view = bill_run.run(
        unit_code=world.UNIT, month=JULY, actor=world.MAKER, at=world.NOW, shop=bill_run.Workshop.default()
    )
    assert view.totals.bills > 950
    RuleLibrary.load(dearer_rules(tmp_path / "rules"))
    assert bill_run.verify(RunId(view.run_id), actor=world.MAKER) == []
    with ColumnStore() as store:
        store.execute(
            "UPDATE billing_billcharge SET price_e8 = price_e8 + 1 WHERE id = (SELECT MAX(id) FROM billing_billcharge)"
        )
    assert len(bill_run.verify(RunId(view.run_id), actor=world.MAKER)) >= 1
