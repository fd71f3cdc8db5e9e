"""What must always hold of prepay days and estimates, recomputed from every row; they carry no foreign key constraints."""

from __future__ import annotations

from wandeng.domains.collections.types_prepay import PrepayFault
from wandeng.infra.columns import ColumnStore

_ORPHANS = (
    "SELECT d.id FROM collections_prepayday d LEFT JOIN collections_prepayagreement g ON g.id = d.agreement_id "
    "WHERE g.id IS NULL OR g.account_id <> d.account_id ORDER BY d.id LIMIT 100"
)
"""Days of no agreement, or of another account's."""

_PARTS_DIFFER = (
    "SELECT d.id FROM collections_prepayday d LEFT JOIN collections_prepayestimate e "
    "ON e.account_id = d.account_id AND e.day = d.day WHERE d.gap = '' "
    "GROUP BY d.id, d.estimate_fen, d.energy_ckwh HAVING COALESCE(SUM(e.amount_fen), 0) <> d.estimate_fen "
    "OR COALESCE(SUM(e.energy_ckwh), 0) <> d.energy_ckwh ORDER BY d.id LIMIT 100"
)
"""Days whose estimates by month do not add up to them."""

_ADRIFT = (
    "SELECT e.id FROM collections_prepayestimate e LEFT JOIN collections_prepayday d "
    "ON d.account_id = e.account_id AND d.day = e.day AND d.gap = '' WHERE d.id IS NULL ORDER BY e.id LIMIT 100"
)
"""Estimates of a day that was not computed."""

CHECKS = {
    "PREPAY_DAY_ORPHAN": _ORPHANS,
    "PREPAY_ESTIMATES_DIFFER": _PARTS_DIFFER,
    "PREPAY_ESTIMATE_ADRIFT": _ADRIFT,
}


def check_prepay(store: ColumnStore) -> list[PrepayFault]:
    """Recompute; an empty list is the proof. At most 100 findings a check."""
    return [
        PrepayFault(code, int(subject))
        for code, sql in CHECKS.items()
        for subject in store.read(sql).column(0).to_pylist()
    ]
