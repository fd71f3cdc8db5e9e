"""Fills a demonstration with attacks: first through actions and the import desk, then every column of text that is left.

Run as a program in the environment of an installation. What an action refuses does not count as safe: the second step
writes past the actions, so that pages stand on their own. A new column of text is covered by itself, unless its name is
among those that hold codes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count

ATTACKS = (
    "<script>wdXss=1</script>",
    '"><script>wdXss=2</script>',
    "'><img src=x onerror=wdXss=3>",
    "<svg onload=wdXss=4>",
    "</script><script>wdXss=5</script>",
    "</textarea><script>wdXss=6</script>",
    "</title><img src=x onerror=wdXss=7>",
    "javascript:wdXss=8",
    '" onmouseover=wdXss=9 x="',
    "' autofocus onfocus=wdXss=10 x='",
    "<iframe srcdoc='<script>parent.wdXss=11</script>'>",
    "<a href=javascript:wdXss=12>x</a>",
    "{{constructor.constructor('wdXss=13')()}}",
    "${wdXss=14}",
    "<math><mtext><img src=x onerror=wdXss=15>",
    "<details open ontoggle=wdXss=16>",
    "--><img src=x onerror=wdXss=17>",
    "<div x-data x-init=wdXss=18>",
    "<p hx-get=/x hx-trigger=load hx-on:load=wdXss=19>",
    "&lt;img src=x onerror=wdXss=20&gt;",
)
_CODES = """
    action actor address_index address_sealed answer approved_by asked audience authority basis book_hash brought_by
    by case_code case_number cashier cause cells channel channels checker closed_as code colours confirmed_by connected_by
    connection_class content_hash counted_by created_by credited customer_class debited decided_by deposit_number device dictionary doubt
    drafted_by encoding ended_by facts findings from_state gap gate_findings gateway hint hold_reason
    id_number_index id_number_sealed importance initials input_hash key kind kinds lease_owner ledger_account level
    lines_hash list_name load_basis locality logo_hash manager made_by maker mark masked mended_by message_id metered_side
    month move noted_by next_step notice_key ordered_by outcome ownership password path payload person_code phone_index result phone_sealed
    phone_tail_index place previous_secret price_code printed_by proposed_by published_by purpose query queue
    reached_whom recorded_by refusal responsible revenue role roles route_code rule_hash rule_path secret secrets
    set_by slots source stage standing state step subject_code subject_type subscriber supply surveyor tail taken_by takes tender
    territory to_state unit_code unit_path url verdict verification voltage voltage_code who why
    because checklist_hash checklist_path closed_by expected_set_by issuer job leader opened_by person seen_by sent_by skills worker written_by
    booked_by called_by held_by keeper open_on released_by service side swapped_by told_by weekdays what"""
CODES = frozenset(_CODES.split())
"""Columns that hold codes, hashes, sealed values or JSON of the product: nobody types into them."""
WHOLE = frozenset(
    {
        ("cases.WorkPermit", "dangers"),
        ("collections.DisconnectionOrder", "bills"),
        ("collections.DisconnectionOrder", "evidence"),
        ("collections.SignedInstruction", "text"),
        ("infra.Event", "body"),
        ("infra.Event", "name"),
        ("infra.KeptAnswer", "body"),
        ("infra.RuleText", "text"),
        ("infra.WebhookDelivery", "body"),
        ("losses.LossLead", "evidence"),
        ("notices.NoticeTemplateVersion", "texts"),
        ("outages.MonthPlan", "problem"),
        ("outages.MonthPlanJob", "left_out"),
        ("halls.HallWork", "number"),
        ("halls.QueueTicket", "appointment"),
        ("outages.MonthPlanJob", "pinned_window"),
        ("outages.MonthPlanJob", "proposed_window"),
        ("outages.MonthPlanSolution", "content"),
        ("outlets.CircleReach", "served_by"),
        ("outlets.Outlet", "hours"),
        ("outlets.Outlet", "services"),
        ("outlets.OutletException", "hours"),
        ("outlets.PaymentCircle", "computed_by"),
        ("outlets.RoadEdge", "road_class"),
        ("outlets.Settlement", "area"),
        ("payments.TillReceipt", "slip"),
        ("residents.AccountBinding", "bound_by"),
        ("residents.AccountBinding", "proof"),
        ("residents.ResidentCode", "handle"),
        ("residents.ResidentSession", "token_hash"),
        ("residents.ResidentToken", "token_hash"),
        ("switching.SwitchingFinding", "facts"),
        ("voltage.VoltageDay", "readings"),
        ("voltage.VoltagePoint", "area"),
        ("voltage.VoltagePoint", "voltage_class"),
        ("voltage.VoltageRemedy", "defect"),
    }
)
"""Columns of the product's own making under a name that others use for words."""
MOST_ROWS = 60
_numbers = count()


def attack(longest: int) -> str:
    """The next attack that fits a column."""
    fitting = [one for one in ATTACKS if len(one) <= longest]
    return fitting[next(_numbers) % len(fitting)] if fitting else ""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wandeng.config.settings")
    import django

    django.setup()
    _by_actions(datetime.now(UTC))
    _by_columns()


def _by_actions(at: datetime) -> None:
    """What a demonstration has none of yet, made as people make it."""
    from django.conf import settings
    from django.db import connection

    from wandeng.domains.organization import actions, queries
    from wandeng.domains.organization.models import Person
    from wandeng.flows.imports import desk
    from wandeng.infra import jobs, webhooks
    from wandeng.kernel.actors import SYSTEM

    root = next(node for node in queries.unit_tree(_everywhere()) if node.depth == 0)
    administrator = Person.objects.filter(posts__role="ADMINISTRATOR", is_demo=True).first()
    assert administrator is not None
    actor = queries.actor_for(administrator.code, at.date())
    notice = actions.draft_announcement(
        title=ATTACKS[0], body="\n".join(ATTACKS), unit_code=root.code, visible_from=date(2026, 1, 1),
        visible_to=date(2099, 1, 1), is_urgent=True, actor=actor, at=at,
    )  # fmt: skip
    actions.publish_announcement(announcement_id=notice, actor=actor, at=at)
    actions.set_entry(dictionary="dismissal-reason", code="ATTACK", label=ATTACKS[1], place=1, actor=actor, at=at)
    actions.draft_parameter(
        code="reveal.per_hour",
        value="20",
        valid_from=at.date() + timedelta(days=2),
        reason=ATTACKS[2],
        actor=actor,
        at=at,
    )
    actions.save_view(list_name="accounts", name=ATTACKS[3], query="name=" + ATTACKS[4], actor=actor)
    actions.issue_token(label=ATTACKS[5], may_write=False, expires_at=at + timedelta(days=9), actor=actor, at=at)
    actions.rename_unit(unit_code=root.code, name=ATTACKS[6], reason=ATTACKS[7], actor=actor, at=at)
    settings.WANDENG_OUTGOING = "hooks.example.com"
    endpoint, _ = webhooks.register(
        name=ATTACKS[0], url="https://hooks.example.com/x", kinds=(), unit_path=root.path, actor=SYSTEM, at=at
    )
    webhooks.ping(endpoint_id=endpoint, actor=SYSTEM, at=at)
    rows = "".join(f'"{_quoted(one)}",,2026-11-01,"{_quoted(one)}"\n' for one in ATTACKS)
    file = ("资产编号,计量点编号,抄表日期,正向有功总\n" + rows).encode()
    for name in (ATTACKS[9] + ".csv", "示数.csv"):
        upload = desk.receive(
            kind_name="readings", file_name=name.replace("/", ""), chunks=[file], unit_code="", actor=actor, at=at
        )
        clock = lambda: at  # noqa: E731
        while jobs.run_one(desk.handlers(clock), owner="poison", clock=clock):
            continue
    desk.land(upload_id=upload, actor=actor, at=at)
    while jobs.run_one(desk.handlers(clock), owner="poison", clock=clock):
        continue
    connection.close()


def _quoted(text: str) -> str:
    return text.replace('"', '""')


def _everywhere() -> object:
    from wandeng.infra.scope import Scope

    return Scope.everywhere()


def _by_columns() -> None:
    """Every column of words, some rows each; histories are opened for it."""
    from django.db import DatabaseError, connection, transaction

    from wandeng.domains.ledger import guards as ledger_guards
    from wandeng.infra import guards

    for one in (ledger_guards, guards):
        one.remove(connection)
    for model, field in columns():
        for pk in list(model.objects.order_by("pk").values_list("pk", flat=True)[:MOST_ROWS]):
            try:
                with transaction.atomic():
                    model.objects.filter(pk=pk).update(**{field.name: attack(field.max_length or 10_000)})
            except DatabaseError:
                break  # a constraint knows what may stand there: nobody can write an attack into it
    for one in (ledger_guards, guards):
        one.install(connection)


def columns() -> Iterator[tuple[object, object]]:
    """The columns in which people's words stand."""
    from django.apps import apps
    from django.db import models

    for model in apps.get_models():
        if not model.__module__.startswith("wandeng."):
            continue
        for field in model._meta.concrete_fields:
            is_text = isinstance(field, models.CharField | models.TextField) and not field.primary_key
            is_word = field.name not in CODES or (model._meta.label, field.name) == ("metering.Meter", "kind")
            if is_text and not field.unique and is_word and (model._meta.label, field.name) not in WHOLE:
                yield model, field


if __name__ == "__main__":
    main()
