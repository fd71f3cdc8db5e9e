"""What the tables of routes cannot tell: names that mean another thing elsewhere, forms that must be good to get in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.scope import sample_boards

CUTTING = ("announce", "approve", "back", "confirm", "dispatch", "failed", "refuse", "withdraw")
CASE_VERBS = (
    "assign", "take", "done", "answer", "reveal", "finish", "send-back", "pause", "resume", "fill", "hand-in",
    "hand-in-file", "press", "supervise", "transfer", "reclassify", "note", "join", "merge", "split", "withdraw",
    "call-back", "not-reached", "reopen", "answer-contact", "hand-over",
)  # fmt: skip
CASE_PAGES = (
    "detail", "form", "finish", "assign", "take", "back", "pause", "resume", "fill", "hand-in", "note", "press", "supervise",
    "transfer", "reclassify", "merge", "withdraw", "call-back", "not-reached", "reopen", "reveal",
    "answer-contact", "hand-over", "contacts",
)  # fmt: skip
APPOINTMENT_VERBS = ("rebook", "cancel", "keep", "customer-missed", "we-missed", "take-back", "called", "reveal")
RUN_VERBS = ("start", "arrive", "leave", "skip", "finish", "cancel", "swap")
CONNECTION_VERBS = ("appoint", "draft", "choose", "sources", "terms")
INCIDENT_VERBS = ("accept", "arrive", "expect", "restore", "take-back", "join", "leave", "dissolve")
CUTTING_PAGES = ("announce", "approve", "back", "dispatch", "failed", "order", "paper", "refuse", "task", "withdraw")
MONEY_PAGES = ("", "-deposit", "-plan", "-refund", "-release", "-transfer", "-waive", "-write-off")

OUTAGE_VERBS = (
    "change", "review", "acknowledge", "submit", "approve", "send-back", "withdraw-change", "publish", "cancel",
    "start", "restore", "finish", "told-by-hand",
)  # fmt: skip
RATIONING_VERBS = (
    "change", "swap", "approve", "publish", "cancel", "start", "allow", "restore", "finish", "told-by-hand",
)  # fmt: skip
RATIONING_PAGES = (
    "order", "change", "swap", "approve", "publish", "cancel", "run", "allow", "saved", "notices", "notices-hand",
)  # fmt: skip
SHEET_VERBS = ("rewrite", "review", "check", "acknowledge", "issue", "begin", "void")
OUTAGE_PAGES = (
    "plan", "differences", "change", "review", "acknowledge", "submit", "approve", "send-back", "withdraw", "publish",
    "cancel", "notices", "notices-hand", "run",
)  # fmt: skip

NAMES: dict[str, dict[str, str]] = {
    "standard-review": {"code": "{standard}"},
    "console:knowledge-standard": {"code": "{standard}"},
    "switch-operate": {"code": "KW"},
    **{f"loss-work-{verb}": {"work_id": "{loss_work}"} for verb in ("take", "cause", "finish", "again")},
    **{f"loss-lead-{verb}": {"lead_id": "{loss_lead}"} for verb in ("case", "settle")},
    "console:losses-area": {"code": "T-BS-W"},
    "console:losses-work-one": {"work_id": "{loss_work}"},
    "console:losses-lead": {"lead_id": "{loss_lead}"},
    "console:losses-settle": {"lead_id": "{loss_lead}"},
    "interruption-correct": {"number": "{interruption}"},
    "interruption-restore": {"number": "{interruption}"},
    **{f"outage-{verb}": {"number": "{outage}"} for verb in OUTAGE_VERBS},
    **{f"console:outages-{page}": {"number": "{outage}"} for page in OUTAGE_PAGES},
    **{f"rationing-{verb}": {"number": "{rationing_order}"} for verb in RATIONING_VERBS},
    **{f"console:rationing-{page}": {"number": "{rationing_order}"} for page in RATIONING_PAGES},
    "rationing-call": {"call_id": "{rationing_call}"},
    "console:rationing-call": {"call_id": "{rationing_call}"},
    **{f"outage-month-{verb}": {"number": "{planned_outage}"} for verb in ("pin", "unpin", "move", "limit")},
    "console:outages-month-job": {"number": "{planned_outage}"},
    **{f"switching-{verb}": {"number": "{sheet}"} for verb in SHEET_VERBS},
    **{f"switching-{verb}": {"number": "{sheet}", "place": "{overrun}"} for verb in ("execute", "skip")},
    **{f"console:switching-{page}": {"number": "{sheet}"} for page in ("sheet", "rewrite", "act")},
    "outages-overrun": {"alarm": "{overrun}"},
    "console:outages-overrun": {"alarm": "{overrun}"},
    "voltage-open": {"code": "{voltage_point}"},
    **{f"voltage-{verb}": {"remedy": "{remedy}"} for verb in ("assign", "finish", "drop")},
    "console:voltage-open": {"code": "{voltage_point}"},
    "console:conversation": {"conversation": "{conversation}"},
    "console:voltage-point": {"code": "{voltage_point}"},
    **{f"hall-{verb}": {"code": "{hall}"} for verb in ("open", "close", "take", "next")},
    **{f"hall-{verb}": {"ticket": "{queue_ticket}"} for verb in ("recall", "no-show", "done", "transfer", "leave")},
    **sample_boards.NAMES,
    "console:hall-ticket": {"ticket": "{queue_ticket}"},
    **{f"outlet-{verb}": {"code": "{outlet}"} for verb in ("except", "close")},
    "outlet-lift": {"exception": "{outlet_exception}"},
    **{f"console:{kind}{page}": {"code": f"{{{kind}}}"} for kind in ("hall", "outlet") for page in ("", "-act")},
    "console:circle": {"circle_id": "{circle}"},
    "console:reliability-correct": {"number": "{interruption}"},
    "console:reliability-restore": {"number": "{interruption}"},
    **{f"case-{verb}": {"number": "{service_case}"} for verb in CASE_VERBS},
    **{f"console:cases-{page}": {"number": "{service_case}"} for page in CASE_PAGES},
    **{f"crew-{verb}": {"code": "{crew}"} for verb in ("come-on", "go-off", "position")},
    "case-send-crew": {"number": "{service_case}", "code": "{crew}"},
    **{f"incident-{verb}": {"number": "{incident}"} for verb in INCIDENT_VERBS},
    **{f"incident-{verb}": {"number": "{incident}", "case": "{service_case}"} for verb in ("join", "leave")},
    "fault-restore": {"number": "{incident}"},
    "fault-estimate": {"number": "{incident}"},
    **{f"generator-{verb}": {"code": "{generator}"} for verb in ("send", "supply", "release", "fail", "mend")},
    "switch-rate": {"code": "KW"},
    "console:storm-generator-act": {"code": "{generator}", "verb": "supply"},
    **{f"console:storm-{page}": {"number": "{incident}"} for page in ("incident", "estimate", "restore")},
    "console:storm-resupply": {"code": "KW"},
    "incident-send": {"number": "{incident}", "code": "{crew}"},
    **{f"permit-{verb}": {"number": "{permit}"} for verb in ("see", "issue", "close", "withdraw")},
    **{f"console:repairs-crew{page}": {"code": "{crew}"} for page in ("", "-act")},
    **{f"console:repairs-incident{page}": {"number": "{incident}"} for page in ("", "-act")},
    **{f"console:repairs-permit{page}": {"number": "{permit}"} for page in ("", "-act", "-sheet")},
    **{f"console:repairs-{page}": {"number": "{service_case}"} for page in ("send", "permit-new", "claim", "part")},
    **{f"appointment-{verb}": {"number": "{appointment}"} for verb in APPOINTMENT_VERBS},
    **{f"route-run-{verb}": {"number": "{route_run}"} for verb in RUN_VERBS},
    **{f"service-place-{verb}": {"code": "{service_place}"} for verb in ("open", "end", "close-day")},
    **{f"service-route-{verb}": {"code": "{service_route}"} for verb in ("stops", "end", "plan")},
    "service-vehicle-retire": {"code": "{vehicle}"},
    **{f"console:appointments-{page}": {"number": "{appointment}"} for page in ("detail", "rebook", "act")},
    "console:appointments-part": {"number": "{service_case}"},
    **{f"console:appointments-place{page}": {"code": "{service_place}"} for page in ("", "-act")},
    **{f"console:appointments-vehicle{page}": {"code": "{vehicle}"} for page in ("", "-retire")},
    **{f"console:appointments-route{page}": {"code": "{service_route}"} for page in ("", "-act")},
    **{f"console:appointments-run{page}": {"number": "{route_run}"} for page in ("", "-sheet", "-act")},
    "console:repairs-known": {"number": "W1"},
    "permit-write": {"case": "{service_case}"},
    **{f"connection-{verb}": {"number": "{connection}"} for verb in CONNECTION_VERBS},
    **{f"console:connections-{verb}": {"number": "{connection}"} for verb in (*CONNECTION_VERBS, "project")},
    "reinforcement-follow": {"need_id": "{need}"},
    **{f"console:cases-{page}": {"number": "{service_case}"} for page in ("callback", "field-case")},
    **{f"disconnection-{step}": {"order": "{cut}"} for step in CUTTING},
    **{f"console:disconnection-{page}": {"number": "{cut}"} for page in CUTTING_PAGES},
    **{f"console:payments-account{page}": {"number": "W4"} for page in MONEY_PAGES},
    **{f"payment-order-{step}": {"number": "{payment_order}"} for step in ("query", "close", "refund")},
    **{f"online-refund-{step}": {"number": "{online_refund}"} for step in ("approve", "reject", "again")},
    **{
        f"console:payments-online-{page}": {"number": "{payment_order}"}
        for page in ("order", "query", "close", "refund")
    },
    **{f"console:payments-online-{page}": {"number": "{online_refund}"} for page in ("approve", "reject", "again")},
    **{
        f"console:payments-session{page}": {"number": "{session_number}"}
        for page in ("", "-count", "-confirm", "-send-back")
    },
    **{f"console:payments-receipt{page}": {"number": "{receipt_number}"} for page in ("", "-pdf", "-void")},
    "disconnections-approve": {"order": "{cut}"},
    "reconnection-confirm": {"order": "{reconnection}"},
    "console:disconnection-return": {"number": "{reconnection}"},
    "console:disconnection-return-paper": {"number": "{reconnection}"},
    "console:ledger-entry": {"number": "{entry_id}"},
    "console:ledger-purchase-correct": {"number": "{purchase_id}"},
    "console:notices-letters-file": {"batch": "{letter_batch_id}"},
    "console:notices-opt-in": {"number": "W1"},
    "console:payments-bank-agreement-end": {"number": "XYW"},
    "console:payments-plan-cancel": {"number": "W4"},
    "console:payments-reconciliation-decide": {"item_id": "{held_id}"},
    "bank-agreement-end": {"number": "XYW"},
    "reconciliation-decide": {"item_id": "{held_id}"},
    **{f"console:prepay-{page}": {"number": "W1"} for page in ("account", "explained", "warning", "end")},
    "prepay-approve": {"order": "FKTDW1"},
    "till-session-open": {"till_code": "TW"},
    "till-use": {"code": "TW"},
    "agreement-sign": {"number": "HT-W1"},
    "agreement-renew": {"number": "HT-W1"},
    "agreement-terminate": {"number": "HT-W1"},
    "agreement-withdraw": {"number": "HT-W1"},
    "console:administration-unit": {"code": "BS-W"},
    "console:administration-unit-close": {"code": "BS-W"},
    "console:administration-person-switch": {"code": "biller-w"},
    "console:administration-person-password": {"code": "biller-w"},
    "console:administration-person-unlock": {"code": "biller-w"},
    "console:administration-person-move": {"code": "biller-w"},
    "console:administration-dismiss": {"code": "biller-w"},
    "console:customers-agreement-draft": {"number": "W1"},
    "console:customers-agreement-sign": {"number": "HT-W1"},
    "console:customers-agreement-renew": {"number": "HT-W1"},
    "console:customers-agreement-end": {"number": "HT-W1"},
    "console:customers-contact-add": {"number": "W1"},
    "console:customers-contact-correct": {"number": "W1"},
    "console:administration-person": {"code": "biller-w"},
    "console:customers-detail": {"number": "W1"},
    "console:customers-part": {"number": "W1"},
    "console:metering-route": {"code": "RW"},
    "console:network-feeder": {"code": "FW"},
    "console:network-operate": {"code": "KW"},
    "console:network-switch": {"code": "KW"},
    "console:network-switch-panel": {"code": "KW"},
    "console:network-transformer": {"code": "T-BS-W"},
    "console:network-transformer-panel": {"code": "T-BS-W"},
    "console:network-what-if": {"code": "KW"},
}
"""Route → argument → what it names in the west, where the argument's name alone does not say it; ``{cut}`` is what the
county calls so."""


def named(route: str, values: Mapping[str, Any], *, is_absent: bool = False) -> dict[str, Any]:
    """What the arguments of a route name by :data:`NAMES`, out of the west's values or of those for nothing."""
    own = NAMES.get(route, {})
    return {
        argument: values[told[1:-1]] if told.startswith("{") else "NOWHERE" if is_absent else told
        for argument, told in own.items()
    }


NO_THING: dict[str, frozenset[str]] = {
    "agreement-draft": frozenset({"number"}),
    "agreement-renew": frozenset({"new_number"}),
    "bank-agreement-sign": frozenset({"number"}),
    "unit-create": frozenset({"code"}),
    "crew-found": frozenset({"code"}),
    "interruption-record": frozenset({"number"}),
    "service-place-add": frozenset({"code"}),
    "service-vehicle-add": frozenset({"code"}),
    "service-route-add": frozenset({"code"}),
    "person-add": frozenset({"code"}),
}
"""Route → arguments that give a new thing its name."""

_STOP = {"name": "东村", "from_minute": 540, "to_minute": 600, "capacity": 1}
_OPENING = {
    "valid_from": "2030-01-01", "weekdays": "1", "from_minute": 540, "to_minute": 600, "slot_minutes": 30, "capacity": 1,
}  # fmt: skip
_REGISTERS = {"total_ckwh": 100_000}
_SHEET = {"purpose": "试验", "steps": ["OPEN KW"]}
_OUTAGE = {
    "title": "检修", "reason_code": "MAINTENANCE", "starts_at": "2030-03-12T14:00:00+08:00",
    "ends_at": "2030-03-12T16:00:00+08:00", "works": ["配电班, 检修"], "out": ["T-BS-W"],
}  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {
    "interruption-record": {
        "number": "TD-NEW",
        "kind": "FAULT_INTERNAL",
        "cause": "EQUIPMENT",
        "steps": ["T-BS-W, 2026-03-06 08:00, 2026-03-06 09:00"],
    },
    "outage-draft": _OUTAGE,
    "outage-preview": _OUTAGE,
    "outage-change": _OUTAGE,
    "outage-month-new": {"month": "2027-01", "announced_on": "2026-12-01"},
    **{f"outage-month-{verb}": {"on": "2026-12-10", "window": "D1"} for verb in ("pin", "move")},
    "loss-work-cause": {"cause": "RATIO", "finding": "变比"},
    "loss-work-again": {"reason": "仍高"},
    "loss-lead-settle": {"capacity_w": 2000},
    "daily-losses-compute": {"unit_code": "{unit}", "from_on": "2026-03-05", "to_on": "2026-03-06"},
    "switching-draft": _SHEET,
    "switching-rewrite": _SHEET,
    "switching-acknowledge": {"finding": 1},
    "switching-execute": {"key": "k", "done_at": "2026-03-06T09:00:00+08:00"},
    "voltage-open": {"defect": "HIGH"},
    "outage-start": {"off_at": "2026-03-06T09:00:00+08:00"},
    "outage-restore": {"on_at": "2026-03-06T09:00:00+08:00"},
    "outage-new-end": {"ends_at": "2026-03-06T19:00:00+08:00"},
    "outage-told-by-hand": {"told": [1], "way": "DOOR"},
    "rationing-scheme-draft": {"year": 2030, "max_demand_kw": 1000},
    "rationing-scheme-drop": {"code": "W1"},
    "rationing-scheme-take-in": {"kind": "ACCOUNT", "code": "W1", "measure": "AVOID", "before_kw": 100, "shed_kw": 50},
    **{
        f"rationing-{verb}": {
            "starts_at": "2026-12-20T10:00:00+08:00",
            "ends_at": "2026-12-20T12:00:00+08:00",
            "gap_kw": 50,
        }
        for verb in ("propose", "change")
    },
    "rationing-swap": {"out": "W1"},
    "rationing-start": {"off_at": "2026-03-06T09:00:00+08:00"},
    "rationing-restore": {"on_at": "2026-03-06T09:00:00+08:00"},
    "rationing-allow": {"code": "W1", "before_kw": 100, "allowed_kw": 50},
    "rationing-told-by-hand": {"told": [1], "way": "DOOR"},
    "voltage-assign": {"due_on": "2030-01-01"},
    "voltage-finish": {"cause": "TAP", "done_on": "2026-11-01"},
    **{f"hall-{verb}": {"counter": "1"} for verb in ("close", "next", "transfer")},
    **sample_boards.BODIES,
    "hall-open": {"counter": "1", "is_accessible": False},
    "hall-take": {"purpose": "PAY", "priority": "", "account_number": "", "phone": "", "appointment": ""},
    "outlet-except": {"from_on": "2031-01-01", "to_on": "2031-01-02", "hours": "", "reason": "盘点"},
    "outlet-close": {"on": "2031-01-01", "reason": "搬迁"},
    "circle-compute": {"name": "", "added": [], "closed": []},
    "case-done": {"step": "DISPATCH"},
    "case-finish": {"step": "DISPATCH"},
    "standard-review": {"outcome": "KEPT", "next_on": "2030-01-01"},
    "account-plan": {"parts": [["2027-01-01", 1], ["2027-02-01", 1]]},
    "bank-agreement-sign": {"number": "XYN", "kind": "DEBIT", "bank_account": "6222000000002"},
    "notice-opt-out": {"purpose": "ARREARS", "source": "HALL"},
    "contact-prefer": {"channel": "SMS", "source": "HALL"},
    "reconciliation-decide": {"move": "book"},
    "till-take": {"client_key": "new", "tender": "CASH"},
    "agreement-draft": {"number": "HT-NEW", "valid_to": "2030-01-01"},
    "capacity-suspend": {"suspended_ckva": 10_000, "from_on": "2026-11-01", "to_on": "2026-12-01"},
    "connection-choose": {"place": 1},
    "connection-sources": {"sources": [{"feeder_code": "F", "capacity_ckva": 1, "boundary": "杆"}]},
    "connection-terms": {"price_code": "demo.residential"},
    "reinforcement-follow": {"note": "增容", "done_on": "2026-11-01"},
    "contact-add": {"phone": "13900000000"},
    "meter-exchange": {"removed": _REGISTERS, "start": _REGISTERS, "new_meter": "M9", "new_multiplier": 1},
    "unit-create": {"code": "BS-N", "kind": "OFFICE"},
    "appointment-book": {"wanted": {"service": "METER", "visitor": "赵六", "phone": "13900000002"}},
    "appointment-rebook": {"side": "CUSTOMER"},
    "appointment-cancel": {"side": "CUSTOMER"},
    "service-place-add": {"code": "HN", "kind": "CREW"},
    "service-place-open": {"opening": _OPENING},
    "service-place-end": {"on": "2030-01-01"},
    "service-vehicle-add": {"code": "VN", "keeper": "hall-w"},
    "service-route-add": {"code": "RN", "stops": [_STOP], "rhythm": {"valid_from": "2030-01-01", "weekdays": "1"}},
    "service-route-stops": {"stops": [_STOP]},
    "generator-note": {"code": "FDN", "name": "新", "capacity_ckva": 100},
    "generator-send": {"need_ckva": 1},
    "switch-rate": {"may_ckva": 1, "document": "整定单"},
    "backup-note": {"minutes": 1, "need_ckva": 1},
    "crew-found": {"code": "CN", "skills": ["LOW_VOLTAGE"], "members": []},
}
"""Operation → what must be sent so that it gets as far as the thing that it names."""

COMMON: dict[str, str] = {
    "fault-confirm": "a device that evidence points to; beyond the unit there is none",
    "supply-events": "devices of other units are answered as unknown ones",
    "knowledge-create": "one knowledge base for the whole installation",
    "knowledge-draft": "one knowledge base for the whole installation",
    "knowledge-retire": "one knowledge base for the whole installation",
    "knowledge-used": "one knowledge base for the whole installation",
    "knowledge-say": "one knowledge base for the whole installation",
    "knowledge-approve": "one knowledge base for the whole installation",
    "knowledge-withdraw": "one knowledge base for the whole installation",
    "knowledge-answer": "one knowledge base for the whole installation",
    "knowledge-install": "one knowledge base for the whole installation",
    "console:knowledge-article": "one knowledge base for the whole installation",
    "console:knowledge-changes": "one knowledge base for the whole installation",
    "console:knowledge-new": "one knowledge base for the whole installation",
    "console:knowledge-draft": "one knowledge base for the whole installation",
    "console:knowledge-approve": "one knowledge base for the whole installation",
    "console:knowledge-withdraw": "one knowledge base for the whole installation",
    "console:knowledge-retire": "one knowledge base for the whole installation",
    "console:knowledge-install": "one knowledge base for the whole installation",
    "console:knowledge-used": "one knowledge base for the whole installation",
    "console:knowledge-say": "one knowledge base for the whole installation",
    "console:knowledge-answer": "one knowledge base for the whole installation",
    "console:knowledge-standard": "one knowledge base for the whole installation",
    "console:knowledge-review": "everybody reads the register: who is not of the owner's unit is told so",
    "cases-by-phone": "a number that the caller types, looked for within their own scope",
    "console:cases-sheet": "what the product knows of a kind of case",
    "notice-approve": "one set of texts for the whole installation",
    "notice-draft": "one set of texts for the whole installation",
    "notice-report": "a gateway tells of messages by its own numbers",
    "notice-withdraw": "one set of texts for the whole installation",
    "payment-channel-settle": "channels are the whole installation's",
    "console:notices-template": "one set of texts for the whole installation",
    "console:notices-template-draft": "one set of texts for the whole installation",
    "console:notices-template-approve": "one set of texts for the whole installation",
    "console:notices-template-withdraw": "one set of texts for the whole installation",
    "console:notices-letters-print": "the unit that one acts in",
    "console:payments-bank-file-new": "the unit that one acts in",
    "console:payments-bank-request": "the unit that one acts in",
    "console:payments-online-settle": "channels are the whole installation's",
    "calc": "arithmetic on what the caller sends",
    "dictionary-set": "one table for the whole installation",
    "parameter-draft": "parameters are the whole installation's",
    "parameter-approve": "parameters are the whole installation's",
    "parameter-withdraw": "parameters are the whole installation's",
    "timetable-run": "timed work is the whole installation's",
    "console:administration-timetable-run": "timed work is the whole installation's",
    "brand-set": "the brand is the whole installation's",
    "console:administration-dictionary": "one table for the whole installation",
    "console:administration-parameter": "parameters are the whole installation's",
    "console:administration-parameter-approve": "parameters are the whole installation's",
    "console:administration-parameter-withdraw": "parameters are the whole installation's",
    "console:administration-brand": "the brand is the whole installation's",
    "console:administration-rule": "published rules",
    "console:dunning-run": "the unit that one acts in",
    "console:prepay-run": "the unit that one acts in",
    "console:home-indicator": "what an indicator means",
    "console:imports-kind": "what the product knows",
    "console:imports-template": "what the product knows",
    "console:prices-calculate": "arithmetic on what the asker types",
    "console:prices-code": "published prices",
    "console:prices-rule": "published rules",
    "console:brand-css": "the brand is the whole installation's",
    "console:brand-logo": "the brand is the whole installation's",
    "console:login": "nobody is known yet",
    "console:logout": "one's own session",
    "console:language": "one's own language",
    "console:profile": "one's own",
    "console:password": "one's own",
    "console:tokens": "one's own",
    "console:views": "one's own",
}
"""Routes that name nothing of an office, and why."""

SAME: dict[str, dict[str, Any]] = {
    "console:bills-correct": {"action": "rebill"},
    "console:customers-part": {"name": "bills"},
    "console:notices-opt-in": {"purpose": "BILL"},
    "console:metering-decide": {"verb": "release"},
    **sample_boards.SAME,
    "console:resident-act": {"verb": "end-sessions"},
    "console:appointments-place-act": {"verb": "close-day"},
    "console:appointments-route-act": {"verb": "plan"},
    "console:appointments-run-act": {"verb": "start"},
    "console:repairs-crew-act": {"verb": "off"},
    "console:repairs-incident-act": {"verb": "accept"},
    "console:repairs-permit-act": {"verb": "issue"},
}
"""Page → arguments that are words of the product."""

NOT_OPEN = frozenset({"account-waive", "account-write-off"})
"""Operations on a bill of an account: one that is not the account's is not open, wherever it is."""

ROOT_LISTS = frozenset({"jobs", "deliveries"})
"""Lists of the whole installation: only the root sees their rows."""

ROOT_ONLY = frozenset(f"{door}job-{verb}" for door in ("", "console:administration-") for verb in ("retry", "cancel"))
"""Operations that are refused to everybody below a root unit before they look at the thing."""
