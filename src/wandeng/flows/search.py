"""One box that finds anything: which things fit what was typed, as the asker may see them, grouped, best first.

Pages, API and command line show the same answer; each makes its own address from ``kind`` and ``code``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wandeng.domains.billing.queries import bills
from wandeng.domains.customers import queries as customers
from wandeng.domains.customers.frames import finding as findable_customers
from wandeng.domains.customers.types import AccountFound
from wandeng.domains.metering.frames import finding as findable_meters
from wandeng.domains.metering.queries import accounts as meters
from wandeng.domains.network.frames import finding as findable_equipment
from wandeng.domains.network.queries import supply
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.queries import finding as people
from wandeng.domains.organization.types import UnitNode
from wandeng.infra.scope import Scope
from wandeng.infra.search import finding, sources, text
from wandeng.infra.search.entries import Kind
from wandeng.infra.search.finding import Fit, Match
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import NotFound

PHONE, TAIL_DIGITS, FEWEST_PHONE_DIGITS = "PHONE", 4, 7
"""How an account fits whose contact has the number typed, or a number that ends in it."""
BILL_DIGITS = re.compile("[1-9][0-9]{4,17}")
"""Shorter numbers are the ends of longer ones; nobody looks for a bill by them."""
LONGEST = 64
SPARE = 3
"""So many times the hits shown are looked up, because some may lie outside the asker's units."""
SOURCES = (*findable_customers.SOURCES, *findable_meters.SOURCES, *findable_equipment.SOURCES)
EQUIPMENT = {
    Kind.TRANSFORMER: "transformer",
    Kind.FEEDER: "feeder",
    Kind.SWITCH: "switch",
    Kind.SUBSTATION: "substation",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing found. ``kind``: account, meter, bill, agreement, usage_point, transformer, feeder, switch, substation,
    unit, person; ``code`` leads to it within its kind; ``account_number`` is whose it is, where it is somebody's;
    ``fit`` says how it was found (names of ``Fit``, or PHONE)."""

    kind: str
    code: str
    title: str
    detail: str
    fit: str
    account_number: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind, best first; ``more``: there are others."""

    kind: str
    hits: tuple[Hit, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The groups that have hits, in the order in which their best ones fit, accounts first among equals."""

    asked: str
    groups: tuple[Group, ...]


def find(actor: Actor, asked: str, *, limit: int = 8) -> Found:
    """What fits the text among what the actor may see, at most ``limit`` of each kind. People are found by those who
    administer. An empty or far too long text finds nothing."""
    scope, typed = Scope.of(actor), asked.strip()
    if not typed or len(typed) > LONGEST:
        return Found(typed, ())
    tree = organization.unit_tree(scope)
    units = None if not scope.prefix else [node.unit_id for node in tree]
    matches = finding.find(typed, tuple(Kind), units=units, limit=limit * SPARE)
    # A whole account number is what was meant: it is not a telephone or a bill as well.
    settled = any(match.kind is Kind.ACCOUNT and match.fit is Fit.NUMBER for match in matches)
    phones = () if settled else _by_phone(scope, typed, limit + 1)
    groups = [_accounts(scope, matches, phones, limit), _meters(scope, matches, limit)]
    if not (settled and groups[0].hits):
        groups += [_by_number(scope, typed, anything=any(group.hits for group in groups))]
    groups += _equipment(scope, matches, limit)
    groups += [_units(tree, typed, limit)]
    if actor.has("ADMINISTRATOR"):
        groups += [_people(scope, typed, limit)]
    filled = [(_rank(group), place, group) for place, group in enumerate(groups) if group.hits]
    return Found(typed, tuple(group for _, _, group in sorted(filled, key=lambda one: one[:2])))


def account_numbers(scope: Scope, asked: str, *, limit: int) -> tuple[str, ...]:
    """Numbers of the accounts that fit the text, best first: for lists that filter by it."""
    units = None if not scope.prefix else [node.unit_id for node in organization.unit_tree(scope)]
    matches = finding.find(asked[:LONGEST], (Kind.ACCOUNT,), units=units, limit=limit)
    ids = dict.fromkeys([*_by_phone(scope, asked, limit), *(match.id for match in matches)])
    return tuple(row.account_number for row in customers.accounts_by_id(scope, list(ids)))[:limit]


def bring_up_to_date(told: Callable[[str, int, int], None] = lambda kind, written, gone: None) -> int:
    """Hold the search index against what it was made from, and put right what differs. Returns how many entries did.

    What is found is kept with every change; this is for a database from before there was a search, or one that was
    changed by hand. ``told`` hears of each kind: entries written, entries taken out.
    """
    total = 0
    for source in SOURCES:
        written, gone = sources.take_up_all(source)
        told(source.kind.name.lower(), written, gone)
        total += written + gone
    return total


def _accounts(scope: Scope, matches: Sequence[Match], phones: Sequence[int], limit: int) -> Group:
    fits: dict[int, str] = {}
    exact = [match for match in matches if match.kind is Kind.ACCOUNT and match.fit is Fit.NUMBER]
    for match in exact:
        fits[match.id] = match.fit.name
    for one in phones:
        fits.setdefault(one, PHONE)
    for match in matches:
        if match.kind is Kind.ACCOUNT:
            fits.setdefault(match.id, match.fit.name)
    rows = customers.accounts_by_id(scope, list(fits)) if fits else ()
    return _group("account", [_account(row, fits[row.id]) for row in rows], limit)


def _by_phone(scope: Scope, typed: str, limit: int) -> tuple[int, ...]:
    digits = text.key(typed).replace("-", "").removeprefix("+86")
    if not digits.isdigit() or not (len(digits) == TAIL_DIGITS or len(digits) >= FEWEST_PHONE_DIGITS):
        return ()
    return customers.accounts_by_phone(scope, digits, limit=limit)


def _account(row: AccountFound, fit: str) -> Hit:
    note = "CLOSED" if row.is_closed else row.importance
    return Hit(
        "account", row.account_number, row.name, f"{row.address} · {row.unit_name}", fit, row.account_number, note
    )


def _meters(scope: Scope, matches: Sequence[Match], limit: int) -> Group:
    fits = _fits(matches, Kind.METER)
    rows = meters.meters_by_id(scope, list(fits), limit=limit + 1) if fits else ()
    hits = [
        Hit("meter", row.asset_number, row.asset_number, f"{row.account_number} {row.account_name}", fits[row.id].name,
            row.account_number)
        for row in rows
    ]  # fmt: skip
    return _group("meter", hits, limit)


def _equipment(scope: Scope, matches: Sequence[Match], limit: int) -> list[Group]:
    fits = {kind: _fits(matches, kind) for kind in EQUIPMENT}
    found = supply.equipment_by_id(scope, {kind: list(ids)[: limit * SPARE] for kind, ids in fits.items()})
    groups = []
    for kind, rows in found.items():
        hits = [
            Hit(EQUIPMENT[kind], row.code, row.name or row.code,
                " · ".join(part for part in (row.area_name, row.feeder_name, row.unit_name) if part),
                fits[kind][row.id].name)
            for row in rows
        ]  # fmt: skip
        groups.append(_group(EQUIPMENT[kind], hits, limit))
    return groups


def _by_number(scope: Scope, typed: str, *, anything: bool) -> Group:
    """A bill of exactly this number; where nothing else was found, an agreement or a usage point of this code."""
    number, _, revision = typed.partition("-")
    if BILL_DIGITS.fullmatch(number) and (not revision or revision.isdigit()):
        try:
            bill = bills.key(scope, int(number))
        except NotFound:
            bill = None
        if bill is not None and revision in ("", str(bill.revision)):
            title, detail = f"{bill.number}-{bill.revision}", f"{bill.month} · {bill.account_number}"
            hit = Hit("bill", str(bill.number), title, detail, Fit.NUMBER.name, bill.account_number)
            return Group("bill", (hit,), False)
    if not anything and any(character.isdigit() for character in typed):
        for kind, owner in (("agreement", customers.agreement_account), ("usage_point", supply.point_account)):
            account = owner(scope, typed)
            if account:
                return Group(kind, (Hit(kind, typed, typed, account, Fit.NUMBER.name, account),), False)
    return Group("bill", (), False)


def _units(tree: Sequence[UnitNode], typed: str, limit: int) -> Group:
    asked = text.key(typed)
    found = [
        Hit("unit", node.code, node.name, "", _fit(asked, node.code, node.name))
        for node in tree
        if asked in text.key(node.code) or asked in text.key(node.name) or asked == text.initials(node.name)
    ]
    return _group("unit", sorted(found, key=lambda hit: (Fit[hit.fit], hit.code)), limit)


def _people(scope: Scope, typed: str, limit: int) -> Group:
    found = people.people_like(scope, typed, limit=limit + 1)
    hits = [
        Hit("person", row.code, row.name, row.unit_name, _fit(text.key(typed), row.code, row.name)) for row in found
    ]
    return _group("person", hits, limit)


def _fit(asked: str, code: str, name: str) -> str:
    if asked == text.key(code):
        return Fit.NUMBER.name
    return Fit.NAME.name if asked == text.key(name) else Fit.NAME_HOLDS.name


def _fits(matches: Sequence[Match], kind: Kind) -> dict[int, Fit]:
    return {match.id: match.fit for match in matches if match.kind is kind}


def _group(kind: str, hits: Sequence[Hit], limit: int) -> Group:
    return Group(kind, tuple(hits[:limit]), len(hits) > limit)


def _rank(group: Group) -> int:
    """A group whose best hit fits exactly comes before those that fit a little."""
    best = group.hits[0].fit
    return 0 if best in (PHONE, Fit.NUMBER.name, Fit.NAME.name, Fit.INITIALS.name) else 1
