"""One connection with its candidates, sources and terms; who may survey it."""

from __future__ import annotations

from datetime import date

from wandeng.domains.cases.types import CaseShown
from wandeng.domains.connections.actions.projects import SURVEYORS, ckva, terms_of
from wandeng.domains.connections.models import ConnectionProject, ReinforcementNeed
from wandeng.domains.connections.types import (
    PROCESSES,
    CandidateShown,
    NeedShown,
    NoConnection,
    Position,
    ProjectShown,
    SourceShown,
    SupplyTerms,
)
from wandeng.domains.organization import queries as organization


def project(shown: CaseShown) -> ProjectShown:
    """The project of a case that was already asked for (``cases.queries.one.case`` keeps the scope), also while nobody has
    begun one. Raises :class:`NoConnection`."""
    if shown.glance.process not in PROCESSES:
        raise NoConnection(f"case {shown.glance.number} is no new connection")
    rows = ConnectionProject.objects.select_related("account")
    row = rows.filter(case_id=shown.id).first()
    if row is None:
        fields = {one.code: one.value for one in shown.fields}
        return ProjectShown(
            case_number=shown.glance.number, process=shown.glance.process, connection_class=fields["CLASS"],
            capacity_ckva=ckva(fields["CAPACITY"]), position=None, surveyor="", manager="", terms=SupplyTerms(""),
            drafted_at=None, account_number="", connected_on=None, candidates=(), sources=(), need=None,
            has_project=False,
        )  # fmt: skip
    need = ReinforcementNeed.objects.select_related("transformer", "project__case").filter(project=row).first()
    return ProjectShown(
        case_number=shown.glance.number, process=shown.glance.process, connection_class=row.connection_class,
        capacity_ckva=row.capacity_ckva, position=_position(row), surveyor=row.surveyor, manager=row.manager,
        terms=terms_of(row), drafted_at=row.drafted_at,
        account_number=row.account.account_number if row.account else "", connected_on=row.connected_on,
        candidates=_candidates(row), sources=_sources(row), need=need_shown(need) if need else None,
    )  # fmt: skip


def surveyors(shown: CaseShown, on: date) -> tuple[tuple[str, str], ...]:
    """Code and name of everybody who may survey for the unit of a connection on a day: whom the customer chooses from."""
    codes = organization.holders(shown.unit_path, SURVEYORS[shown.glance.process], on)
    names = organization.people_names(codes)
    return tuple((code, names.get(code, code)) for code in codes)


def need_shown(row: ReinforcementNeed) -> NeedShown:
    """A need as pages show it; its transformer and case must be at hand."""
    return NeedShown(
        row.pk, row.transformer.code, row.transformer.name, row.project.case.number, row.lacking_ckva, row.noted_at,
        row.planned_on, row.done_on, row.note,
    )  # fmt: skip


def _position(row: ConnectionProject) -> Position | None:
    if row.longitude_e6 is None or row.latitude_e6 is None:
        return None
    return Position(row.longitude_e6, row.latitude_e6)


def _candidates(row: ConnectionProject) -> tuple[CandidateShown, ...]:
    rows = row.candidates.select_related("transformer__feeder").order_by("place")
    return tuple(
        CandidateShown(
            one.place, one.transformer.code, one.transformer.name, one.transformer.area_name,
            one.transformer.feeder.name, one.capacity_ckva, one.load_ckva, one.load_basis, one.reserved_ckva,
            one.spare_ckva, one.feeder_capacity_ckva, one.feeder_contract_ckva, one.distance_m, one.is_in_area,
            one.is_chosen,
        )
        for one in rows
    )  # fmt: skip


def _sources(row: ConnectionProject) -> tuple[SourceShown, ...]:
    rows = row.sources.select_related("transformer__feeder", "feeder", "usage_point").order_by("place")
    found = []
    for one in rows:
        feeder = one.feeder or (one.transformer.feeder if one.transformer else None)
        found.append(
            SourceShown(
                one.place, one.transformer.code if one.transformer else "", feeder.code if feeder else "",
                feeder.name if feeder else "", one.capacity_ckva, one.voltage_code, one.metered_side, one.boundary,
                one.is_interlocked, one.usage_point.code if one.usage_point else "",
            )
        )  # fmt: skip
    return tuple(found)
