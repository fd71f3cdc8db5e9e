"""Webhooks: endpoints registered and changed, their deliveries looked at and sent again."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.organization import queries as organization
from wandeng.infra import webhook_log, webhooks
from wandeng.infra.webhook_log import EndpointFacts
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.console.integrations.forms import EndpointForm, RangeForm
from wandeng.interfaces.doorway import refusals, told_facts
from wandeng.interfaces.doorway.asking import Asking, Request
from wandeng.interfaces.doorway.words import integrations as words

SHOWN_DELIVERIES = 20


class NewPage(View):
    """Register an endpoint; its secret is shown on the page that answers, and never again."""

    def get(self, request: Request) -> HttpResponse:
        return _form_page(request, _form(request.asking))

    def post(self, request: Request) -> HttpResponse:
        asking, made = request.asking, list[tuple[int, str]]()
        form = _form(asking, request.POST)
        done = attempt(
            form,
            lambda: made.append(webhooks.register(**_asked(form, asking), actor=asking.actor, at=asking.now)),
        )
        return _secret_page(request, *made[0]) if done else _form_page(request, form, status=422)


class ChangePage(View):
    """Change what an endpoint is called, where it is, what it hears."""

    def get(self, request: Request, endpoint: int) -> HttpResponse:
        facts = webhook_log.endpoint(request.asking.scope, endpoint)
        return _form_page(request, _form(request.asking, initial=_initial(facts)), facts)

    def post(self, request: Request, endpoint: int) -> HttpResponse:
        asking = request.asking
        facts = webhook_log.endpoint(asking.scope, endpoint)
        form = _form(asking, request.POST)
        if attempt(
            form,
            lambda: webhooks.change(endpoint_id=endpoint, **_asked(form, asking), actor=asking.actor, at=asking.now),
        ):
            messages.success(request, _("已保存。"))
            return _to("console:integrations-detail", endpoint)
        return _form_page(request, form, facts, status=422)


@require_safe
def detail(request: Request, endpoint: int) -> HttpResponse:
    """An endpoint with its last deliveries."""
    return render(request, "console/integrations/detail.html", _context(request, endpoint, RangeForm()))


@require_POST
def switch(request: Request, endpoint: int) -> HttpResponse:
    """Turn an endpoint on or off."""
    asking, active = request.asking, request.POST.get("active") == "1"
    reason = request.POST.get("reason", "")
    webhooks.switch(endpoint_id=endpoint, active=active, actor=asking.actor, at=asking.now, reason=reason)
    messages.success(request, _("已启用。") if active else _("已停用，之后的事件不再推送。"))
    return _to("console:integrations-detail", endpoint)


@require_POST
def rotate(request: Request, endpoint: int) -> HttpResponse:
    """A new secret, shown this once."""
    asking = request.asking
    secret = webhooks.rotate(endpoint_id=endpoint, actor=asking.actor, at=asking.now)
    return _secret_page(request, endpoint, secret)


@require_POST
def ping(request: Request, endpoint: int) -> HttpResponse:
    """Send a test event; the worker takes it along within a second."""
    asking = request.asking
    delivery = webhooks.ping(endpoint_id=endpoint, actor=asking.actor, at=asking.now)
    return _to("console:integrations-delivery", delivery)


@require_POST
def replay_range(request: Request, endpoint: int) -> HttpResponse:
    """Send a stretch of time again."""
    asking, form, counts = request.asking, RangeForm(request.POST), list[int]()
    done = attempt(
        form,
        lambda: counts.append(
            webhooks.replay_range(
                endpoint_id=endpoint,
                **form.moments(),
                only_parked=form.cleaned_data["only_parked"],
                actor=asking.actor,
                at=asking.now,
            )
        ),
    )
    if not done:
        return render(request, "console/integrations/detail.html", _context(request, endpoint, form), status=422)
    text = ngettext("%(count)d 条已排队重放。", "%(count)d 条已排队重放。", counts[0])
    messages.success(request, text % {"count": counts[0]})
    return _to("console:integrations-detail", endpoint)


@require_safe
def delivery_page(request: Request, delivery: int) -> HttpResponse:
    """A delivery: what was sent, every attempt, what came back."""
    facts = webhook_log.delivery(request.asking.scope, delivery)
    language = get_language() or "zh-hans"
    context = {
        "delivery": facts,
        "event_word": words.EVENTS.get(facts.kind, facts.kind),
        "state_word": words.DELIVERY_STATES[facts.state],
        "state_tone": words.DELIVERY_TONES[facts.state],
        "body": facts.body,
        "told": [(one.name, one.after) for one in told_facts.stated(json.loads(facts.body)["data"])],
        "tries": [(one, refusals.told(one.error, language) if one.error else "") for one in facts.tries],
    }
    part = "delivery_parts" if request.htmx and not request.htmx.boosted else "delivery"  # type: ignore[attr-defined]
    return render(request, f"console/integrations/{part}.html", context)


@require_POST
def replay(request: Request, delivery: int) -> HttpResponse:
    """Send one delivery again."""
    asking = request.asking
    webhooks.replay(delivery_id=delivery, actor=asking.actor, at=asking.now)
    messages.success(request, _("已排队重放。"))
    return _to("console:integrations-delivery", delivery)


def _form(asking: Asking, *data: Any, **named: Any) -> EndpointForm:
    whole = webhooks.covers(asking.scope, "")
    return EndpointForm(*data, units=organization.unit_tree(asking.scope), whole=whole, **named)


def _initial(facts: EndpointFacts) -> dict[str, Any]:
    unit = facts.unit_path.rstrip("/").rpartition("/")[2]
    return {"name": facts.name, "url": facts.url, "unit": unit, "kinds": list(facts.kinds)}


def _asked(form: EndpointForm, asking: Asking) -> dict[str, Any]:
    cleaned = form.cleaned_data
    unit_path = organization.unit(asking.scope, cleaned["unit"]).path if cleaned["unit"] else ""
    return {"name": cleaned["name"], "url": cleaned["url"], "kinds": cleaned["kinds"], "unit_path": unit_path}


def _form_page(
    request: Request, form: EndpointForm, endpoint: EndpointFacts | None = None, *, status: int = 200
) -> HttpResponse:
    return render(request, "console/integrations/form.html", {"form": form, "endpoint": endpoint}, status=status)


def _secret_page(request: Request, endpoint: int, secret: str) -> HttpResponse:
    facts = webhook_log.endpoint(request.asking.scope, endpoint)
    return render(request, "console/integrations/secret.html", {"endpoint": facts, "secret": secret})


def _context(request: Request, endpoint: int, form: RangeForm) -> dict[str, Any]:
    scope = request.asking.scope
    facts = webhook_log.endpoint(scope, endpoint)
    rows = list(webhook_log.delivery_rows(scope, endpoint_id=endpoint)[:SHOWN_DELIVERIES])
    return {
        "endpoint": facts,
        "events": [words.EVENTS.get(kind, kind) for kind in facts.kinds],
        "off_word": words.OFF.get(facts.disabled_why, ""),
        "deliveries": [
            row
            | {
                "event_word": words.EVENTS.get(row["kind"], row["kind"]),
                "state_word": words.DELIVERY_STATES[row["state"]],
                "state_tone": words.DELIVERY_TONES[row["state"]],
            }
            for row in rows
        ],
        "form": form,
        "unit": organization.unit(scope, facts.unit_path.rstrip("/").rpartition("/")[2]) if facts.unit_path else None,
    }


def _to(route: str, *arguments: object) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(route, args=arguments))
