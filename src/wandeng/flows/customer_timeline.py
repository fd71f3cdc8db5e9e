"""The life of an account in one list (时间线): opened, agreed, priced, metered, read, billed, checked, operated.

Each source is a function from the account (:class:`Subject`) to its entries; a domain that comes later adds one to :data:`SOURCES` and its
entries stand among the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property

from wandeng.domains.billing.queries import accounts as billing
from wandeng.domains.billing.queries import bills as decisions
from wandeng.domains.cases.queries import known
from wandeng.domains.cases.types import Charter
from wandeng.domains.customers import queries as customers
from wandeng.domains.customers.types import AccountFacts, AgreementShown
from wandeng.domains.metering.queries import accounts as metering
from wandeng.domains.tariffs.queries import assignments
from wandeng.flows import contacts
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import BILLING_ZONE, Month

MONTHS_BACK = 36
OPERATIONS = 200
CASES = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. ``kind`` groups (account, agreement, price, meter, reading, bill, correction, case,
    conversation, contact, operation), ``what`` says what it was; ``facts`` are values for the sentence, ``link`` is what it leads to, as (kind,
    code). ``at`` is a day where no time of day is known."""

    at: date | datetime
    kind: str
    what: str
    facts: Mapping[str, object] = field(default_factory=dict)
    who: str = ""
    reason: str = ""
    link: tuple[str, str] = ("", "")

    @property
    def moment(self) -> datetime:
        """For the order: a day counts from its first minute."""
        if isinstance(self.at, datetime):
            return self.at
        return datetime.combine(self.at, time.min, BILLING_ZONE).astimezone(UTC)


@dataclass(frozen=True)
class Subject:
    """The account a timeline is about; what several sources need is looked up once."""

    scope: Scope
    account: AccountFacts
    on: date

    @cached_property
    def agreements(self) -> tuple[AgreementShown, ...]:
        return customers.agreements_of(self.scope, self.account.account_number)


Source = Callable[[Subject], Iterator[Entry]]


def timeline(
    scope: Scope, account_number: str, *, on: date, kinds: frozenset[str] = frozenset(), limit: int = 200
) -> tuple[Entry, ...]:
    """What happened to an account until the end of the day, newest first; only some kinds when they are named.

    Raises ``NotFound`` for an account outside the scope.
    """
    return entries(scope, customers.account(scope, account_number), on=on, kinds=kinds, limit=limit)


def entries(
    scope: Scope, account: AccountFacts, *, on: date, kinds: frozenset[str] = frozenset(), limit: int = 200
) -> tuple[Entry, ...]:
    """The same for an account that the caller has looked up within the scope."""
    subject = Subject(scope, account, on)
    wanted = [source for kind, source in SOURCES if not kinds or kinds & kind]
    found = [entry for source in wanted for entry in source(subject)]
    chosen = [entry for entry in found if not kinds or entry.kind in kinds]
    return tuple(sorted(chosen, key=lambda entry: entry.moment, reverse=True)[:limit])


def _account(subject: Subject) -> Iterator[Entry]:
    account = subject.account
    yield Entry(account.opened_on, "account", "OPENED", {"unit": account.unit_name})
    if account.closed_on is not None:
        yield Entry(account.closed_on, "account", "CLOSED")


def _agreements(subject: Subject) -> Iterator[Entry]:
    moved = customers.agreement_moves(subject.agreements)
    told = {(one.number, one.to_state) for one in moved}
    for move in moved:
        yield Entry(
            move.at,
            "agreement",
            move.to_state,
            {"number": move.number},
            move.actor,
            move.reason,
            ("agreement", move.number),
        )
    for one in subject.agreements:
        facts = {"number": one.number, "from_on": one.valid_from, "to_on": one.valid_to}
        # Imported ones were signed before there was a history here.
        if one.signed_on is not None and (one.number, "SIGNED") not in told:
            yield Entry(one.signed_on, "agreement", "SIGNED", facts, link=("agreement", one.number))
        if one.state == "SIGNED" and one.valid_to <= subject.on:
            yield Entry(one.valid_to, "agreement", "OVER", facts, link=("agreement", one.number))


def _prices(subject: Subject) -> Iterator[Entry]:
    for point in assignments.account_terms(subject.scope, subject.account.account_number):
        pieces = sorted(point.pieces, key=lambda piece: piece.from_on)
        for place, piece in enumerate(pieces):
            before = pieces[place - 1].terms if place else None
            what = "ASSIGNED" if before is None else "CODE" if before.price_code != piece.terms.price_code else "TERMS"
            facts = {"price_code": piece.terms.price_code, "point": point.usage_point}
            yield Entry(piece.from_on, "price", what, facts, link=("price", piece.terms.price_code))


def _meters(subject: Subject) -> Iterator[Entry]:
    hung = metering.meters_of(subject.scope, subject.account.account_number)
    starts = {(one.usage_point, one.installed_on): one for one in hung}
    for one in hung:
        facts = {"meter": one.asset_number, "point": one.usage_point, "multiplier": one.multiplier}
        before = next(
            (old for old in hung if old.usage_point == one.usage_point and old.removed_on == one.installed_on), None
        )
        if before is not None:
            yield Entry(one.installed_on, "meter", "EXCHANGED", {**facts, "was": before.asset_number},
                        link=("meter", one.asset_number))  # fmt: skip
        else:
            yield Entry(one.installed_on, "meter", "INSTALLED", facts, link=("meter", one.asset_number))
        if one.removed_on is not None and (one.usage_point, one.removed_on) not in starts:
            yield Entry(one.removed_on, "meter", "REMOVED", facts, link=("meter", one.asset_number))


def _readings(subject: Subject) -> Iterator[Entry]:
    for one in metering.readings_of_account(subject.scope, subject.account.account_number, of_note=True, limit=60):
        what = "CORRECTED" if one.supersedes else one.state if one.state in ("HELD", "REFUSED") else one.source
        facts = {"meter": one.asset_number, "total_ckwh": one.total_ckwh, "hold": one.hold_reason}
        yield Entry(one.read_on, "reading", what, facts, link=("reading", str(one.reading_id)))


def _bills(subject: Subject) -> Iterator[Entry]:
    found = billing.bills_of_account(
        subject.scope, subject.account.account_number, last=Month.of(subject.on), count=MONTHS_BACK
    )
    for one in found:
        facts = {
            "month": str(one.month), "amount_fen": one.amount_fen, "energy_ckwh": one.energy_ckwh, "state": one.run_state,
        }  # fmt: skip
        yield Entry(one.made_at, "bill", one.kind, facts, link=("bill", str(one.number)))


def _corrections(subject: Subject) -> Iterator[Entry]:
    for one in decisions.corrections_of(subject.scope, subject.account.account_number):
        facts = {"month": str(one.month), "state": one.run_state}
        yield Entry(one.made_at, "correction", one.action, facts, one.made_by, one.reason, ("run", str(one.run_id)))


def _cases(subject: Subject) -> Iterator[Entry]:
    for one in known.cases_of(subject.scope, subject.account.account_number, charter=Charter.current(), most=CASES):
        facts = {"number": one.number, "process": one.process, "matter": one.matter}
        yield Entry(one.opened_at, "case", "OPENED", facts, one.owner, link=("case", one.number))


def _contacts(subject: Subject) -> Iterator[Entry]:
    for one in contacts.of_account(subject.scope, subject.account.account_number, subject.account.id):
        facts = {"about": one.about, "where": one.where, "number": one.case_number}
        yield Entry(one.at, "conversation", one.what, facts, link=one.link)


def _operations(subject: Subject) -> Iterator[Entry]:
    for one in customers.operations_of(subject.scope, subject.account, subject.agreements, limit=OPERATIONS):
        kind = "contact" if one.action.startswith("contact.") else "operation"
        facts = {fact.name or "change": (fact.before, fact.after) for fact in one.facts}
        yield Entry(one.at, kind, one.action, {"about": one.about, **facts}, one.actor, one.reason)


SOURCES: tuple[tuple[frozenset[str], Source], ...] = (
    (frozenset({"account"}), _account),
    (frozenset({"agreement"}), _agreements),
    (frozenset({"price"}), _prices),
    (frozenset({"meter"}), _meters),
    (frozenset({"reading"}), _readings),
    (frozenset({"bill"}), _bills),
    (frozenset({"correction"}), _corrections),
    (frozenset({"case"}), _cases),
    (frozenset({"conversation"}), _contacts),
    (frozenset({"contact", "operation"}), _operations),
)
"""Which kinds of entries come from where."""
