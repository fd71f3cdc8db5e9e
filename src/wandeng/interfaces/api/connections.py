"""New connections: one project and what is decided on it, what the network lacks. Lists are those of the console."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from wandeng.domains.cases.queries import one
from wandeng.domains.cases.types import Charter
from wandeng.domains.connections.actions import needs, projects, schemes
from wandeng.domains.connections.queries import board
from wandeng.domains.connections.queries import projects as queries
from wandeng.domains.connections.queries.board import BoardCounts
from wandeng.domains.connections.types import Position, ProjectShown, SourceWanted, SupplyTerms
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import read, write
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

_P = "console:connections-"
_CASE = "/connections/{number}"


def project(scope: Scope, number: str, *, charter: Charter, now: datetime) -> ProjectShown:
    """A connection with its candidates, sources, price and the account it became."""
    return queries.project(one.case(scope, number, charter=charter, now=now))


def surveyors(scope: Scope, number: str, *, charter: Charter, now: datetime) -> dict[str, str]:
    """Code and name of everybody whom the customer may choose to survey."""
    shown = one.case(scope, number, charter=charter, now=now)
    return dict(queries.surveyors(shown, now.astimezone(BILLING_ZONE).date()))


def counts(scope: Scope, *, now: datetime) -> BoardCounts:
    """Connections under way, late, waiting for the customer; and needs not yet met."""
    return board.board_counts(scope, now=now)


def appoint(
    *, number: str, surveyor: str = "", manager: str = "", actor: Actor, at: datetime, charter: Charter
) -> None:  # fmt: skip
    """Who surveys, as the customer chose, and who leads the project."""
    projects.appoint(case_number=number, surveyor=surveyor, manager=manager, actor=actor, at=at, charter=charter)


def draft(
    *, number: str, longitude_e6: int | None = None, latitude_e6: int | None = None, address: str = "", actor: Actor,
    at: datetime, charter: Charter,
) -> int:  # fmt: skip
    """Look for transformers that could supply; returns how many were found. A place is both its numbers, degrees × 10⁶."""
    here = None
    if longitude_e6 is not None and latitude_e6 is not None:
        if abs(longitude_e6) > 180_000_000 or abs(latitude_e6) > 90_000_000:
            raise InvalidInput("a place lies between 180 degrees west and east, 90 south and north")
        here = Position(longitude_e6, latitude_e6)
    return schemes.draft_scheme(
        case_number=number, position=here, address=address, actor=actor, at=at, charter=charter
    )  # fmt: skip


def choose(
    *, number: str, place: int, boundary: str = "", actor: Actor, at: datetime, charter: Charter
) -> None:  # fmt: skip
    """Choose a candidate of the scheme by its place."""
    schemes.choose(case_number=number, place=place, boundary=boundary, actor=actor, at=at, charter=charter)


def sources(
    *, number: str, sources: tuple[SourceWanted, ...], actor: Actor, at: datetime, charter: Charter
) -> None:  # fmt: skip
    """Lay down the sources of a high-voltage supply, the main one first."""
    schemes.set_sources(case_number=number, sources=sources, actor=actor, at=at, charter=charter)


def terms(
    *, number: str, price_code: str, basic_method: int = 0, contract_demand_ckw: int = 0, pf_standard: int = 0,
    route_code: str = "", actor: Actor, at: datetime, charter: Charter,
) -> None:  # fmt: skip
    """Lay down by which price and terms the connection will be billed."""
    wanted = SupplyTerms(price_code, basic_method, contract_demand_ckw, pf_standard, route_code)
    projects.set_terms(case_number=number, terms=wanted, actor=actor, at=at, charter=charter)


def follow(
    *, need_id: int, note: str, planned_on: date | None = None, done_on: date | None = None, actor: Actor, at: datetime
) -> None:  # fmt: skip
    """For which day a reinforcement is planned, or on which it was done."""
    needs.follow_need(need_id=need_id, note=note, planned_on=planned_on, done_on=done_on, actor=actor, at=at)


def _write(address: str, action: Any, name: str, like: str, about: str) -> None:
    write(address, action, name=name, like=_P + like, tag="connections", about=about)


def _read(address: str, query: Any, name: str, like: str, about: str) -> None:
    read(address, query, name=name, like=_P + like, tag="connections", about=about)


_read("/connection-counts", counts, "connection-counts", "board", "业扩在途数量 how many connections are under way")
_read(_CASE, project, "connection", "project", "业扩项目 a connection with its scheme")
_read(f"{_CASE}/surveyors", surveyors, "connection-surveyors", "project", "可选勘查员 who may survey")
_write(f"{_CASE}/appoint", appoint, "connection-appoint", "appoint", "勘查员与项目经理 who surveys and who leads")
_write(f"{_CASE}/draft", draft, "connection-draft", "draft", "拟定供电方案 draft the scheme from the network")
_write(f"{_CASE}/choose", choose, "connection-choose", "choose", "选用方案 choose a candidate")
_write(f"{_CASE}/sources", sources, "connection-sources", "sources", "确定供电电源 lay down the sources")
_write(f"{_CASE}/terms", terms, "connection-terms", "terms", "执行电价 lay down the price")
_write(
    "/reinforcement-needs/{int:need_id}/follow",
    follow,
    "reinforcement-follow",
    "need",
    "补强进展 what becomes of a need",
)
