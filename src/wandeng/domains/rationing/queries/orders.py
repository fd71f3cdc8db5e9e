"""One scheme and one order, as people read them."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Count

from wandeng.domains.rationing import rules
from wandeng.domains.rationing.models import RationingOrder, RationingScheme, RationingShare
from wandeng.domains.rationing.standing import NOTHING, burdens
from wandeng.domains.rationing.types import (
    Measure,
    OrderState,
    ParticipantKind,
    ParticipantShown,
    SchemeState,
    SchemeView,
    ShareShown,
    ShareWhy,
    ShedOrder,
    ShortageKind,
)
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE


def scheme(scope: Scope, scheme_id: int, *, library: RuleLibrary | None = None) -> SchemeView:
    """A version of a scheme: participants in the order of measures, and what each level has ready. Raises :class:`NotFound`."""
    row = scope.one(
        RationingScheme.objects.select_related("unit"), "unit__path", "rationing scheme", pk=scheme_id
    )  # fmt: skip
    rule = rules.rationing(_day_of(row.year), territory=row.unit.territory, library=library)
    borne = burdens(row.unit_id, row.year)
    guarded = set(rule.protected.importance)
    place: dict[str, int] = {name: number for number, name in enumerate(rule.measures.order)}
    people = sorted(
        row.participants.select_related("account"),
        key=lambda one: (place[one.measure], borne.get(one.code, NOTHING).counted(rule), one.sequence, one.code),
    )
    return SchemeView(
        id=row.pk, unit_code=row.unit.code, unit_name=row.unit.name, unit_path=row.unit.path, year=row.year,
        version=row.version, state=SchemeState(row.state), max_demand_kw=row.max_demand_kw, document=row.document,
        made_by=row.made_by, made_at=row.made_at, approved_by=row.approved_by, approved_at=row.approved_at,
        shed_kw=sum(one.shed_kw for one in people),
        participants=tuple(
            ParticipantShown(
                one.code, one.name, ParticipantKind(one.kind), Measure(one.measure), one.rota, one.sequence,
                one.before_kw, one.shed_kw, borne.get(one.code, NOTHING).counted(rule),
                one.account.importance if one.account is not None and one.account.importance in guarded else "",
            )
            for one in people
        ),
        levels=tuple(
            (one.level, one.name_zh, rules.ready_kw(one, row.max_demand_kw)) for one in rule.levels.steps
        ),
    )  # fmt: skip


def order(scope: Scope, number: str, *, library: RuleLibrary | None = None) -> ShedOrder:
    """An order with everybody who could take part, by turn. Raises :class:`NotFound`."""
    rows = RationingOrder.objects.select_related("scheme__unit")
    row = scope.one(rows, "scheme__unit__path", "rationing order", number=number)
    unit = row.scheme.unit
    rule = rules.rationing(rules.local_day(row.starts_at), territory=unit.territory, library=library)
    names = {one.level: one.name_zh for one in rule.levels.steps}
    shares = row.shares.select_related("participant").annotate(dark=Count("areas")).order_by("rank", "id")
    return ShedOrder(
        id=row.pk, number=row.number, scheme_id=row.scheme_id, unit_code=unit.code, unit_name=unit.name,
        unit_path=unit.path, year=row.scheme.year, shortage=ShortageKind(row.shortage), level=row.level,
        level_zh=names.get(row.level, row.level), gap_kw=row.gap_kw, shed_kw=row.shed_kw, starts_at=row.starts_at,
        ends_at=row.ends_at, notice_by=row.notice_by, state=OrderState(row.state), version=row.version,
        changed_why=row.changed_why, created_by=row.created_by, created_at=row.created_at,
        approved_by=row.approved_by, approved_at=row.approved_at, published_at=row.published_at,
        canceled_why=row.canceled_why, ended_at=row.ended_at, shares=tuple(_share(one, one.dark) for one in shares),
    )  # fmt: skip


def _share(one: RationingShare, dark: int) -> ShareShown:
    who = one.participant
    return ShareShown(
        who.code, who.name, ParticipantKind(who.kind), Measure(who.measure), who.rota, one.rank, one.is_chosen,
        ShareWhy(one.why), one.detail, one.burden_s, who.shed_kw, one.before_kw, one.allowed_kw, dark, one.off_at,
        one.on_at, one.equivalent_s, one.swap_reason,
    )  # fmt: skip


def years(scope: Scope, unit_code: str) -> tuple[int, ...]:
    """The years of which a unit has schemes, the latest first."""
    rows = scope.limit(RationingScheme.objects.filter(unit__code=unit_code), "unit__path")
    return tuple(sorted(set(rows.values_list("year", flat=True)), reverse=True))


def moment(text: str) -> datetime:
    """A moment as people write it, local where it has no zone. Raises :class:`InvalidInput`."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput(f"'{text}' is not a time: write 2026-07-15T10:00") from None
    return found if found.tzinfo else found.replace(tzinfo=BILLING_ZONE)


def _day_of(year: int) -> date:
    return date(year, 12, 31)
