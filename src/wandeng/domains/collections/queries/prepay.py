"""What people ask about prepay: agreements and where they stand, days, episodes, true-ups, the share of prepay accounts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from wandeng.domains.collections import balances, rules_prepay
from wandeng.domains.collections.models import (
    LIVE,
    DisconnectionOrder,
    PrepayAgreement,
    PrepayDay,
    PrepayEpisode,
    PrepayEstimate,
    PrepayTrueUp,
)
from wandeng.domains.collections.queries import cases
from wandeng.domains.collections.types_prepay import (
    BalanceNow,
    EpisodeShown,
    EstimateShown,
    NoPrepayTerms,
    PrepayDayShown,
    PrepayFigures,
    PrepayShare,
    PrepayShown,
    PrepayTerms,
    Standing,
    TrueUpShown,
)
from wandeng.domains.customers import queries as customers
from wandeng.domains.notices import queries as notices
from wandeng.domains.organization import queries as organization
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, within
from wandeng.infra.statements import Reading
from wandeng.kernel.errors import NotFound
from wandeng.kernel.ids import AccountId
from wandeng.kernel.money import divide_half_up
from wandeng.kernel.periods import BILLING_ZONE, Month

Rows = QuerySet[Any, Any]
UNIT = "account__unit__path"
E4 = 10_000
_WHOSE = {
    "account_number": F("account__account_number"), "account_name": F("account__name"),
    "address": F("account__address"), "customer_class": F("account__customer_class"),
    "unit_id": F("account__unit_id"), "unit_name": F("account__unit__name"),
}  # fmt: skip


def agreement_rows(scope: Scope) -> Rows:
    """Prepay agreements: id, account_number, account_name, address, customer_class, unit_id, unit_name, state, standing,
    valid_from, valid_to, document, agreed_warn_fen, as_of, balance_fen, warn_fen, gap (all three of the newest run),
    enrolled_by, enrolled_at, ended_by, ended_at, end_reason."""
    return _agreements(scope.limit(PrepayAgreement.objects.all(), UNIT))


def _agreements(rows: QuerySet[PrepayAgreement]) -> Rows:
    episodes = PrepayEpisode.objects.filter(agreement_id=OuterRef("pk")).exclude(state="CLOSED")
    orders = DisconnectionOrder.objects.filter(episode__agreement_id=OuterRef("pk"), state__in=LIVE)
    rows = rows.annotate(
        episode_state=Subquery(episodes.values("state")[:1]), order_state=Subquery(orders.values("state")[:1])
    )
    standing = Case(
        When(state="ENDED", then=Value("ENDED")),
        When(order_state="CUT", then=Value("CUT")),
        When(order_state__isnull=False, then=Value("CUT_ORDERED")),
        When(episode_state__isnull=False, then=F("episode_state")),
        default=Value("NORMAL"),
    )
    named: Rows = rows.annotate(standing=standing).values(*_OWN, **_WHOSE)
    return named


_OWN = (
    "id", "state", "standing", "valid_from", "valid_to", "document", "agreed_warn_fen", "as_of", "balance_fen", "warn_fen", "gap",
    "enrolled_by", "enrolled_at", "ended_by", "ended_at", "end_reason",
)  # fmt: skip
_AGREED = (*_OWN, *_WHOSE)
_IN_FORCE: Reading[tuple[Any, ...]] = Reading(
    lambda number, length, prefix: (
        _agreements(
            within(PrepayAgreement.objects.filter(account__account_number=number, state="ACTIVE"), UNIT, length, prefix)
        ).order_by("id").values_list(*_AGREED)[:1]
    ),
    str, int, str, planned_once=True,
)  # fmt: skip


def agreement_in_force(scope: Scope, account_number: str) -> dict[str, Any] | None:
    """The prepay agreement that an account has now, as a row of :func:`agreement_rows`; ``None`` for the others."""
    found = _IN_FORCE.first(account_number, *scope.bounds)
    return None if found is None else dict(zip(_AGREED, found, strict=True))


def episode_rows(scope: Scope, *, closed: bool = False) -> Rows:
    """Episodes of low balance, open ones unless ``closed``: id, agreement_id, account_number, account_name, address,
    customer_class, unit_id, unit_name, state, standing, opened_on, overdrawn_on, overdrafts, as_of, balance_fen,
    lowest_fen, order_number (the newest), order_state, closed_at, closed_as."""
    orders = DisconnectionOrder.objects.filter(episode_id=OuterRef("pk")).order_by("-id")
    rows = scope.limit(PrepayEpisode.objects.all(), UNIT)
    rows = rows.filter(state="CLOSED") if closed else rows.exclude(state="CLOSED")
    live = Q(order_state__in=[one for one in LIVE if one != "CUT"])
    return rows.annotate(
        order_number=Coalesce(Subquery(orders.values("number")[:1]), Value("")),
        order_state=Coalesce(Subquery(orders.values("state")[:1]), Value("")),
        standing=Case(
            When(state="CLOSED", then=Value("CLOSED")), When(order_state="CUT", then=Value("CUT")),
            When(live, then=Value("CUT_ORDERED")), default=F("state"),
        ),
    ).values(
        "id", "agreement_id", "state", "standing", "opened_on", "overdrawn_on", "overdrafts", "as_of", "balance_fen",
        "lowest_fen", "order_number", "order_state", "closed_at", "closed_as", **_WHOSE,
    )  # fmt: skip


def day_rows(scope: Scope, *, account_number: str = "", day: date | None = None) -> Rows:
    """Computed days and gaps, of one account or of one day: id, account_number, account_name, unit_id, unit_name, day,
    since_on, energy_ckwh, estimate_fen, day_ckwh, day_fen, ledger_fen, balance_fen, warn_fen, mean_fen, standing, gap,
    gap_on, doubt, rule_path."""
    rows = scope.limit(PrepayDay.objects.all(), UNIT)
    rows = rows.filter(account__account_number=account_number) if account_number else rows
    rows = rows.filter(day=day) if day else rows
    return rows.values(
        "id", "day", "since_on", "energy_ckwh", "estimate_fen", "day_ckwh", "day_fen", "ledger_fen", "balance_fen",
        "warn_fen", "mean_fen", "standing", "gap", "gap_on", "doubt", "rule_path", **_WHOSE,
    )  # fmt: skip


def true_up_rows(scope: Scope, *, month: Month | None = None) -> Rows:
    """True-ups, of one month when it is given: id, account_number, account_name, unit_id, unit_name, month_index,
    estimated_on, estimated_to, estimate_ckwh, estimate_fen, billed_to, bill_ckwh, bill_fen, difference_fen, reason,
    settled_on."""
    rows = scope.limit(PrepayTrueUp.objects.all(), UNIT)
    rows = rows.filter(month_index=month.index) if month else rows
    return rows.values(
        "id", "month_index", "estimated_on", "estimated_to", "estimate_ckwh", "estimate_fen", "billed_to", "bill_ckwh",
        "bill_fen", "difference_fen", "reason", "settled_on", **_WHOSE,
    )  # fmt: skip


def prepay_of(
    scope: Scope, account_number: str, *, at: datetime, days: int = 31, by_month: bool = True,
    library: RuleLibrary | None = None,
) -> PrepayShown:  # fmt: skip
    """The newest prepay agreement of an account with its balance now, its newest ``days`` days (their estimates by bill
    month unless not ``by_month``), its episodes and its true-ups, all newest first.

    Raises :class:`NotFound`, also for an account that never had one, and ``NoRuleInForce``.
    """
    rulebook = library or current.library()
    facts = customers.account(scope, account_number)
    rows = PrepayAgreement.objects.filter(account_id=facts.id)
    row = rows.order_by("-id").first()
    if row is None:
        raise NotFound(f"account {account_number} has no prepay agreement")
    on = at.astimezone(BILLING_ZONE).date()
    terms = terms_of(facts.territory, facts.customer_class, on=on, library=rulebook)
    episodes = _episodes(row, terms)
    protections = cases.protections_of(facts.id)
    return PrepayShown(
        agreement_id=row.pk, account_id=facts.id, account_number=account_number, account_name=facts.name,
        address=facts.address, customer_class=facts.customer_class, importance=facts.importance,
        unit_code=facts.unit_code, unit_name=facts.unit_name, unit_path=facts.unit_path, territory=facts.territory,
        state=row.state, standing=_standing(row, episodes), valid_from=row.valid_from, valid_to=row.valid_to,
        document=row.document, agreed_warn_fen=row.agreed_warn_fen, rule_path=row.rule_path,
        enrolled_by=row.enrolled_by, enrolled_at=row.enrolled_at, reason=row.reason, ended_by=row.ended_by,
        ended_at=row.ended_at, end_reason=row.end_reason,
        balance=balances.now_of(facts.id, account_number, on=on, library=rulebook), terms=terms,
        is_protected=any(one.state in ("APPROVED", "PROPOSED") and one.valid_from <= on < one.valid_to
                         for one in protections),
        days=_days(facts.id, days, by_month), episodes=episodes, true_ups=_true_ups(facts.id),
    )  # fmt: skip


def terms_of(territory: str, customer_class: str, *, on: date, library: RuleLibrary) -> PrepayTerms | None:
    """The terms in force for a class; ``None`` where the rule names none. Raises ``NoRuleInForce``."""
    try:
        return rules_prepay.prepay_rule(territory, on, library).of_class(customer_class)
    except NoPrepayTerms:
        return None


def rule_of(territory: str, *, on: date, library: RuleLibrary) -> rules_prepay.PrepayRule:
    """The rule in force, for a run. Raises ``NoRuleInForce``, ``TerritoryUnknown``."""
    return rules_prepay.prepay_rule(territory, on, library)


def balance_now(scope: Scope, account_number: str, *, at: datetime, library: RuleLibrary | None = None) -> BalanceNow:
    """The balance of an account at this moment. Raises :class:`NotFound`, ``NoRuleInForce``."""
    account = customers.account(scope, account_number)
    on = at.astimezone(BILLING_ZONE).date()
    return balances.now_of(account.id, account_number, on=on, library=library or current.library())


def is_prepay(account: AccountId) -> bool:
    """Whether an account has an active prepay agreement."""
    return PrepayAgreement.objects.filter(account_id=account, state="ACTIVE").exists()


def enrolled_from(account_number: str) -> date:
    """From when the newest prepay agreement of an account holds. Raises :class:`NotFound` for one without."""
    row = PrepayAgreement.objects.filter(account__account_number=account_number).order_by("-id").first()
    if row is None:
        raise NotFound(f"account {account_number} has no prepay agreement")
    return row.valid_from


def share(scope: Scope) -> tuple[PrepayShare, ...]:
    """The share of prepay accounts of the scope's top unit, then of each unit next below it."""
    tree = organization.unit_tree(scope)
    if not tree:
        raise NotFound("there is no unit here")
    top = tree[0]
    inner = scope.narrowed(top.path)
    opened = customers.account_rows(inner).filter(closed_on__isnull=True)
    every = {row["unit_id"]: row["n"] for row in opened.order_by().values("unit_id").annotate(n=Count("id"))}
    active = inner.limit(PrepayAgreement.objects.filter(state="ACTIVE", account__closed_on__isnull=True), UNIT)
    enrolled = _by_unit(active)
    low = _by_unit(inner.limit(PrepayEpisode.objects.exclude(state="CLOSED"), UNIT))
    cut = _by_unit(inner.limit(DisconnectionOrder.objects.filter(basis="PREPAY", state="CUT"), UNIT))
    below = [one for one in tree if one.depth == top.depth + 1]
    shares = []
    for unit in (top, *below):
        inside = [one for one in tree if one.path.startswith(unit.path)]
        accounts, prepay, lows, cuts = (
            sum(found.get(int(one.unit_id), 0) for one in inside) for found in (every, enrolled, low, cut)
        )
        shares.append(
            PrepayShare(
                unit.code, unit.name, unit.path, len(inside) > 1, accounts, prepay,
                divide_half_up(prepay * E4, accounts) if accounts else None, lows, cuts,
            )
        )  # fmt: skip
    return tuple(shares)


def _by_unit(rows: Rows) -> dict[int, int]:
    grouped = rows.order_by().values("account__unit_id").annotate(n=Count("id"))
    return {row["account__unit_id"]: row["n"] for row in grouped}


def figures(scope: Scope, *, day: date | None = None) -> PrepayFigures:
    """How many stand where, and what the run of a day came to; default: the newest day that was run."""
    agreements = scope.limit(PrepayAgreement.objects.filter(state="ACTIVE"), UNIT)
    newest = day or agreements.order_by("-as_of").exclude(as_of=None).values_list("as_of", flat=True).first()
    rows = scope.limit(PrepayDay.objects.filter(day=newest), UNIT) if newest else PrepayDay.objects.none()
    ran = rows.aggregate(
        computed=Count("id", filter=Q(gap="")), gaps=Count("id", filter=~Q(gap="")),
        doubts=Count("id", filter=~Q(doubt="")),
    )  # fmt: skip
    episodes = scope.limit(PrepayEpisode.objects.exclude(state="CLOSED"), UNIT)
    orders = scope.limit(DisconnectionOrder.objects.filter(basis="PREPAY", state__in=LIVE), "unit__path")
    by_state = dict(orders.order_by().values_list("state").annotate(n=Count("id", output_field=IntegerField())))
    ordered = sum(count for state, count in by_state.items() if state != "CUT")
    without = episodes.exclude(orders__state__in=LIVE)
    return PrepayFigures(
        day=newest, agreements=agreements.count(), warned=without.filter(state="WARNED").count(),
        overdrawn=without.filter(state="OVERDRAWN").count(), cut_ordered=ordered, cut=by_state.get("CUT", 0),
        computed=ran["computed"], gaps=ran["gaps"], doubts=ran["doubts"],
        waiting=by_state.get("PROPOSED", 0) + by_state.get("SECOND_WANTED", 0),
    )  # fmt: skip


def _standing(row: PrepayAgreement, episodes: tuple[EpisodeShown, ...]) -> str:
    if row.state == "ENDED":
        return Standing.ENDED
    return next((one.standing for one in episodes if one.state != "CLOSED"), Standing.NORMAL)


def _days(account: AccountId, count: int, by_month: bool) -> tuple[PrepayDayShown, ...]:
    rows = list(PrepayDay.objects.filter(account_id=account).order_by("-day")[:count])
    parts: dict[date, list[EstimateShown]] = {}
    if rows and by_month:
        found = PrepayEstimate.objects.filter(account_id=account, day__gte=rows[-1].day)
        for one in found.order_by("month_index"):
            shown = EstimateShown(
                Month.from_index(one.month_index), one.period_from, one.period_to, one.energy_ckwh, one.amount_fen
            )
            parts.setdefault(one.day, []).append(shown)
    return tuple(
        PrepayDayShown(
            day=row.day, since_on=row.since_on, energy_ckwh=row.energy_ckwh, estimate_fen=row.estimate_fen,
            day_ckwh=row.day_ckwh, day_fen=row.day_fen, ledger_fen=row.ledger_fen, balance_fen=row.balance_fen,
            warn_fen=row.warn_fen, mean_fen=row.mean_fen, standing=row.standing, gap=row.gap, gap_on=row.gap_on,
            doubt=row.doubt, rule_path=row.rule_path, computed_at=row.computed_at,
            estimates=tuple(parts.get(row.day, ())),
        )
        for row in rows
    )  # fmt: skip


def _episodes(agreement: PrepayAgreement, terms: PrepayTerms | None) -> tuple[EpisodeShown, ...]:
    """Episodes with whom their notices reached and their orders, newest first: three questions however many there are."""
    rows = list(PrepayEpisode.objects.filter(agreement=agreement).order_by("-id")[:50])
    if not rows:
        return ()
    orders: dict[int, list[tuple[str, str]]] = {}
    found = DisconnectionOrder.objects.filter(episode__in=[row.pk for row in rows]).order_by("-id")
    for episode, number, state in found.values_list("episode_id", "number", "state"):
        orders.setdefault(episode, []).append((number, state))
    keys = [key for row in rows for key in (row.warned_key, row.overdrawn_key) if key]
    told = notices.reached_first(keys, account=AccountId(agreement.account_id))
    return tuple(_episode(row, orders.get(row.pk, []), told, terms) for row in rows)


def _episode(
    row: PrepayEpisode, orders: list[tuple[str, str]], told: Mapping[str, datetime], terms: PrepayTerms | None
) -> EpisodeShown:
    live = next((state for _, state in orders if state in LIVE), "")
    standing = "CUT" if live == "CUT" else "CUT_ORDERED" if live else row.state
    reached = told.get(row.overdrawn_key) if row.overdrawn_at else None
    grace = reached + timedelta(hours=terms.grace_hours) if reached and terms else None
    return EpisodeShown(
        id=row.pk, state=row.state, standing=standing, opened_on=row.opened_on, opened_at=row.opened_at,
        warned_reached_at=told.get(row.warned_key), overdrawn_on=row.overdrawn_on,
        overdrawn_at=row.overdrawn_at, overdrawn_reached_at=reached, overdrafts=row.overdrafts, grace_until=grace,
        as_of=row.as_of, balance_fen=row.balance_fen, lowest_fen=row.lowest_fen,
        orders=tuple(number for number, _ in orders), closed_at=row.closed_at, closed_as=row.closed_as,
        rule_path=row.rule_path,
    )  # fmt: skip


def reached_at(notice_key: str, account: AccountId) -> datetime | None:
    """When a notice reached somebody of the account; ``None`` while it has not."""
    return notices.reached_first([notice_key], account=account).get(notice_key)


def _true_ups(account: AccountId) -> tuple[TrueUpShown, ...]:
    rows = PrepayTrueUp.objects.filter(account_id=account).order_by("-month_index")[:24]
    return tuple(
        TrueUpShown(
            Month.from_index(row.month_index), row.estimated_on, row.estimated_to, row.estimate_ckwh, row.estimate_fen,
            row.billed_to, row.bill_ckwh, row.bill_fen, row.difference_fen, row.reason, row.settled_on,
        )
        for row in rows
    )  # fmt: skip
