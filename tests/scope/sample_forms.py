"""Forms that must be good to get in: route → what is sent to it."""

from __future__ import annotations

from typing import Any

_DAYS = {"visible_from": "2026-11-01", "visible_to": "2026-12-01"}
_OUTAGE = {
    "unit_code": "{unit}", "title": "检修", "category": "PLANNED", "reason_code": "MAINTENANCE",
    "starts_at": "2030-03-12T14:00", "ends_at": "2030-03-12T16:00", "out": "T-BS-W", "live_line": "NONE",
    "works": "配电班, 检修",
}  # fmt: skip
FORMS: dict[str, dict[str, Any]] = {
    "console:cases-intake": {
        "do": "open", "process": "enquiry", "account": "{account}", "channel": "HALL", "answer-QUESTION": "测试",
        "answer-NEEDS_EXPERT": "NO",
    },
    "console:cases-note": {"text": "测试"},
    "console:cases-withdraw": {"reason": "测试"},
    "console:cases-withdraw-link": {"reason": "测试"},
    "console:cases-finish": {"step": "ANSWER"},
    "console:administration-unit-new": {"code": "BS-N", "name": "新", "kind": "OFFICE", "parent": "{unit}"},
    "console:administration-person-new": {"code": "new", "name": "新", "unit": "{unit}"},
    "console:administration-appoint": {
        "person": "{person}", "unit": "{unit}", "role": "HALL_CLERK", "from_on": "2026-11-01",
    },
    "console:administration-dismiss": {
        "unit": "{unit}", "role": "BILLING_CLERK", "on": "2026-11-01", "reason": "测试",
    },
    "console:administration-announcement-new": {"title": "题", "body": "文", "unit": "{unit}"} | _DAYS,
    "console:bills-new": {"unit": "{unit}", "month": "2026-10", "do": "run"},
    "console:imports-new": {"kind": "readings", "unit": "{unit}"},
    "console:integrations-new": {"name": "新", "url": "https://hooks.example.com/x", "unit": "{unit}"},
    "console:dunning-protect": {
        "account": "{account}", "kind": "LIFE_SUPPORT", "evidence": "证明", "valid_from": "2026-11-01",
        "valid_to": "2027-11-01",
    },
    "console:prepay-enroll": {"account_number": "{account}", "valid_from": "2026-11-01"},
    "console:prepay-warning": {"warn": "50", "reason": "测试"},
    "console:disconnection-propose": {"account_number": "{account}", "reason": "测试"},
    "console:disconnection-halt-pull": {"unit": "{unit}", "reason": "测试"},
    "console:disconnection-halt-lift": {"unit": "{unit}", "reason": "测试"},
    "console:disconnection-quota": {"unit": "{unit}", "per_hour": "5", "reason": "测试"},
    "console:ledger-purchase-new": {
        "unit_code": "{unit}", "month": "2026-09", "source": "GRID", "supplier": "省公司", "energy_ckwh": "1",
        "amount_fen": "1", "document_number": "D-2",
    },
    "console:notices-announce": {"unit": "{unit}", "month": "2026-08"},
    "console:notices-opt-out": {"account_number": "{account}", "purpose": "BILL", "source": "HALL"},
    "console:notices-preference": {"channel": "SMS", "source": "HALL", "reason": "客户来电"},
    "console:payments-bank-agreement-new": {
        "account_number": "{account}", "bank": "402", "kind": "DEBIT", "number": "XYN", "holder": "某",
        "bank_account": "6222000000002", "signed_on": "2026-11-01",
    },
    "console:payments-online-refund": {"key": "new", "amount": "1.00", "reason": "测试"},
    "console:payments-online-new": {
        "key": "new", "account_number": "{account}", "amount": "1.00", "channel": "DEMOPAY",
    },
    "console:payments-desk": {
        "account_number": "{account}", "key": "new", "amount": "1.00", "purpose": "BILLS", "tender": "CASH",
    },
    "console:payments-reconciliation-decide": {"move": "book", "reason": "测试"},
    "console:payments-till-open": {"till": "{till}", "opening": "0.00"},
    "console:payments-till-new": {"unit": "{unit}", "code": "TN", "name": "新", "kind": "COUNTER"},
    "console:customers-contact-check": {"verdict": "RIGHT", "reason": "测试"},
    "console:imports-retry": {"all": "1"},
    "console:connections-choose": {"place": "1"},
    "console:connections-need": {"note": "增容", "done_on": "2026-11-01"},
    "console:cases-callback": {"score": "5", "do": "answer"},
    "console:cases-field-case": {"do": "take"},
    "console:repairs-crew-new": {
        "code": "CN", "name": "新", "unit": "{unit}", "leader": "x", "skills": "LOW_VOLTAGE",
    },
    "console:repairs-send": {"crew": "CW"},
    "console:storm-switch": {
        "do": "begin", "unit": "{unit}", "reason": "测试", "transformer_cases": "1", "feeder_transformers": "5",
    },
    "console:storm-generator-new": {"code": "FDN", "name": "新", "unit": "{unit}", "kva": "100"},
    "console:storm-confirm": {"kind": "SWITCH", "code": "KW"},
    "console:storm-backup": {"account": "{account}", "minutes": "1", "kva": "1"},
    "console:reliability-record": {
        "number": "TD-NEW", "unit_code": "{unit}", "kind": "FAULT_INTERNAL", "cause": "EQUIPMENT", "voltage": "MEDIUM",
        "steps": "T-BS-W, 2026-03-06 08:00, 2026-03-06 09:00",
    },
    "console:outages-new": _OUTAGE,
    "console:outages-preview": _OUTAGE,
    "console:outages-change": _OUTAGE | {"reason": "改期"},
    "console:outages-month-new": {
        "unit_code": "{unit}", "month": "2027-01", "announced_on": "2026-12-01", "live_crews": "0",
    },
    "console:outages-month-job": {"do": "limit", "due_on": "2026-12-20"},
    "console:outages-month-adopt": {"solution": "1"},
    "console:outages-month-reopen": {"reason": "测试"},
    "console:switching-new": {"unit": "{unit}", "purpose": "试验", "steps": "断开 KW"},
    "console:switching-rewrite": {"unit": "{unit}", "purpose": "试验", "steps": "断开 KW"},
    "console:switching-act": {"reason": "测试"},
    "console:outages-overrun": {"reason": "测试"},
    "console:voltage-open": {"defect": "HIGH"},
    "console:outages-notices-hand": {"told": "1", "way": "DOOR"},
    "console:outages-run": {"do": "finish"},
    "console:rationing-new": {
        "unit_code": "{unit}", "starts_at": "2026-12-20T10:00", "ends_at": "2026-12-20T12:00", "gap_kw": "50",
        "shortage": "SYSTEM",
    },
    "console:rationing-change": {
        "starts_at": "2026-12-20T10:00", "ends_at": "2026-12-20T12:00", "gap_kw": "50", "reason": "测试",
    },
    "console:rationing-swap": {"out": "W1", "reason": "测试"},
    "console:rationing-cancel": {"reason": "测试"},
    "console:rationing-run": {"do": "finish"},
    "console:rationing-allow": {"code": "W1", "before_kw": "100", "allowed_kw": "50"},
    "console:rationing-notices-hand": {"told": "1", "way": "DOOR"},
    "console:rationing-call": {"confirmed_by": "值班室"},
    "console:rationing-scheme-new": {"unit_code": "{unit}", "year": "2030", "max_demand_kw": "1000"},
    "console:rationing-scheme-take-in": {
        "kind": "ACCOUNT", "code": "W1", "measure": "AVOID", "before_kw": "100", "shed_kw": "50", "sequence": "0"
    },
    "console:rationing-scheme-drop": {"code": "W1"},
    "console:losses-compute": {"unit_code": "{unit}", "from_on": "2026-03-05", "to_on": "2026-03-05"},
    "console:losses-work-one": {"do": "take"},
    "console:losses-settle": {"capacity_w": "2000", "use": "LIGHTING"},
    "console:outages-call": {"confirmed_by": "值班室"},
    "console:hall-act": {"purpose": "PAY"},
    "console:boards-do": {"area": "T-BS-W"},
    "console:ivr-rehearsal": {"phone": "13800000001"},
    "console:resident-act": {"reason": "测试"},
    "console:outlet-act": {"on": "2031-01-01", "reason": "搬迁"},
    "console:circle-compute": {"unit_code": "{unit}"},
    "console:voltage-act": {"handler": "x", "due_on": "2030-01-01", "reason": "测试"},
    "console:reliability-restore": {"on_at": "2026-03-06T09:00"},
    "console:appointments-book": {"service": "METER", "visitor": "赵六", "phone": "13900000002", "key": "new"},
    "console:appointments-rebook": {"slot": "{slot_id}", "side": "CUSTOMER", "reason": "测试", "key": "new2"},
    "console:appointments-place-act": {"on": "2030-01-01", "reason": "测试"},
    "console:appointments-place-new": {
        "code": "HN", "name": "新", "kind": "HALL", "unit": "{unit}", "address": "路",
    },
    "console:appointments-vehicle-new": {"code": "VN", "name": "新", "unit": "{unit}", "keeper": "hall-w"},
    "console:appointments-route-new": {
        "code": "RN", "name": "新", "unit": "{unit}", "vehicle": "{vehicle}", "weekdays": "1", "every_weeks": "1",
        "open_on": "EVERY_DAY", "valid_from": "2030-01-01", "stops": "东村,09:00-10:00,1",
    },
    "console:unit": {"unit": "{unit}"},
}  # fmt: skip
"""Page → what must be filled in so that it gets as far as the thing that it names; ``{unit}`` is the thing's name."""
