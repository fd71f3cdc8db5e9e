"""What all commands share: who acts, what time it is, and how a list is shown to people and to programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Annotated, Any

import typer
from rich import table as rich_table
from rich.console import Console
from rich.text import Text

from wandeng.domains.organization import queries as organization
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

AsJson = Annotated[bool, typer.Option("--json", help="Print as JSON, exact.")]
AsPerson = Annotated[str, typer.Option("--as", metavar="CODE", help="Act as this person (工号); default: the system.")]
UnitCode = Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="Only this unit (单位) and all below it.")]
Reason = Annotated[str, typer.Option("--reason", "-r", help="Why; it stays on record.")]
Limit = Annotated[int, typer.Option("--limit", help="At most so many rows.")]


class Table(rich_table.Table):
    """A table that folds long cells instead of cutting them: half an account number is no account number."""

    def add_column(self, *args: Any, **options: Any) -> None:
        super().add_column(*args, **{"overflow": "fold", **options})


def now() -> datetime:
    """The time, read at the door and passed on."""
    return datetime.now(UTC)


def today() -> date:
    """The local date of the billing zone."""
    return now().astimezone(BILLING_ZONE).date()


def acting(code: str) -> Actor:
    """The person who acts, or the system when nobody is named. Raises :class:`NotFound`, :class:`NotAllowed`."""
    return organization.actor_for(code, today()) if code else SYSTEM


def scope(actor: Actor, unit_code: str) -> Scope:
    """What the actor sees, cut down to a unit when one is named."""
    whole = Scope.of(actor)
    return whole.narrowed(organization.unit(whole, unit_code).path) if unit_code else whole


def rules() -> RuleLibrary:
    """The rule files of this installation."""
    return RuleLibrary.load(default_root())


def day(text: str) -> date:
    """A date as typed. Raises :class:`InvalidInput`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"a day is written YYYY-MM-DD, not '{text}'") from None


def show_json(value: object) -> None:
    """Print JSON: dataclasses as objects, dates as text."""
    sys.stdout.write(json.dumps(_plain(value), ensure_ascii=False, indent=2) + "\n")


def show_list(rows: Sequence[Any], columns: dict[str, str], *, title: str, empty: str, as_json: bool) -> None:
    """Print frozen rows as a table of the named attributes (attribute → heading), or as JSON whole; ``empty`` is the
    sentence for no rows."""
    if as_json:
        show_json(list(rows))
        return
    console = Console()
    if not rows:
        console.print(empty, style="dim")
        return
    table = Table(*columns.values(), title=f"{title} ({len(rows)})", title_justify="left")
    for row in rows:
        table.add_row(*[Text(_cell(getattr(row, name)), overflow="fold") for name in columns])
    console.print(table)


def show_rows(
    rows: Sequence[dict[str, Any]], columns: dict[str, str], *, title: str, empty: str, as_json: bool
) -> None:
    """The same for rows that are mappings."""
    show_list([SimpleNamespace(**row) for row in rows] if not as_json else rows, columns, title=title, empty=empty,
              as_json=as_json)  # fmt: skip


def done(sentence: str, facts: dict[str, object], *, as_json: bool) -> None:
    """Say what was done, in a sentence or as JSON."""
    if as_json:
        show_json(facts)
    else:
        Console().print(sentence, highlight=False, soft_wrap=True)


def _cell(value: object) -> str:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return f"{value.astimezone(BILLING_ZONE):%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value
