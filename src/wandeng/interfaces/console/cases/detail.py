"""The page of one case: where it stands, what is promised, what was said and done, and what this person may do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django import forms as django_forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wandeng.domains.cases.queries import offered, one, tracking
from wandeng.domains.cases.types import CaseShown, Charter, StepShown
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.queries import staff
from wandeng.flows import contacts
from wandeng.flows.connections import withdrawing
from wandeng.flows.connections.withdrawing import BillLeft
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.infra.scope import Scope
from wandeng.interfaces.console.cases import forms, shown
from wandeng.interfaces.console.cases.answers import AnswersForm, ProofsForm
from wandeng.interfaces.console.forms import ReasonForm
from wandeng.interfaces.doorway.asking import Asking, Request
from wandeng.interfaces.doorway.process_names import worded
from wandeng.interfaces.doorway.words import case_pages, conversations
from wandeng.interfaces.doorway.words import cases as words
from wandeng.interfaces.doorway.words.own_requests import residents
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.periods import BILLING_ZONE

ROUTES = {
    "finish": "finish", "assign": "assign", "send_back": "back", "pause": "pause", "resume": "resume", "fill": "fill",
    "hand_in": "hand-in", "note": "note", "press": "press", "supervise": "supervise", "transfer": "transfer",
    "reclassify": "reclassify", "merge": "merge", "split": "intake", "withdraw": "withdraw", "call_back": "call-back",
    "reopen": "reopen", "reveal": "reveal", "answer_contact": "answer-contact", "hand_over": "hand-over",
}  # fmt: skip
"""Verb → the route of the policy table that it is called by."""


@dataclass
class Page:
    """A case as one person sees it; forms that were sent and refused stand in ``bound`` by their verb."""

    asking: Asking
    number: str
    data: Any = None
    files: Any = None
    charter: Charter = field(default_factory=Charter.current)
    bound: str = ""

    @cached_property
    def seen(self) -> CaseShown:
        return one.case(self.asking.scope, self.number, charter=self.charter, now=self.asking.now)

    @property
    def is_lent(self) -> bool:
        """Whether another office has it, and it is here for the work on it only (跨所支援)."""
        return not self.asking.scope.covers(self.seen.unit_path)

    @cached_property
    def body(self) -> ProcessDefinition:
        opened = self.seen.glance.opened_at.astimezone(BILLING_ZONE).date()
        return self.charter.processes.version(self.seen.glance.process, on=opened).body

    @cached_property
    def may(self) -> frozenset[str]:
        """What the roles, the state and the policy table let this person do."""
        verbs = offered.offered(self.asking.actor, self.seen)
        return frozenset(verb for verb in verbs if self.asking.may(f"console:cases-{ROUTES[verb]}", write=True))

    @cached_property
    def left(self) -> tuple[BillLeft, ...]:
        """Bills to be mended when the case is withdrawn, or since it was."""
        ends = self.seen.glance.state == "WITHDRAWN" or "withdraw" in self.may
        return withdrawing.left_by(self.asking.scope, self.seen, self.charter) if ends else ()

    @cached_property
    def step(self) -> StepShown | None:
        return next((each for each in self.seen.steps if each.code == self.seen.step), None)

    @cached_property
    def next_step(self) -> StepShown | None:
        ahead = [each for each in self.seen.steps if each.status == "AHEAD"]
        return ahead[0] if ahead else None

    @cached_property
    def _near(self) -> dict[str, dict[str, str]]:
        roles = {self.seen.role, self.next_step.role if self.next_step else ""} - {""}
        return staff.holders_near(self.seen.unit_path, roles, self.asking.today) if roles else {}

    def people(self, role: str) -> dict[str, str]:
        """Who could have the case in hand for a step of a role: code → name."""
        return self._near.get(role, {})

    def _data(self, verb: str) -> tuple[Any, Any]:
        return (self.data, self.files) if self.bound == verb else (None, None)

    @cached_property
    def finish_form(self) -> forms.FinishForm:
        data, files = self._data("finish")
        role = self.next_step.role if self.next_step else ""
        return forms.FinishForm(
            data, files, seen=self.seen, people=self.people(role) if role else {}, is_last=self.next_step is None
        )

    @cached_property
    def answers_form(self) -> AnswersForm:
        asked = forms.missing_first(self.seen, [self.seen.step])
        data, _files = self._data("finish")
        return AnswersForm(data, fields=asked, auto_id="finish_%s")

    @cached_property
    def proofs_form(self) -> ProofsForm:
        here = [each.kind for each in self.seen.papers if each.step == self.seen.step] if self.seen.rounds == 1 else []
        data, files = self._data("finish")
        return ProofsForm(data, files, kinds=self.step.evidence if self.step else (), here=here, auto_id="finish_%s")

    @cached_property
    def pause_proofs(self) -> ProofsForm:
        kinds = dict.fromkeys(
            kind for rule in self.body.pauses if any(rule.code == code for code, *_names in self.seen.pauses)
            for kind in rule.evidence
        )  # fmt: skip
        data, files = self._data("pause")
        # Which of them is wanted depends on the reason chosen: the action says what is missing.
        return ProofsForm(data, files, kinds=list(kinds), here=list(kinds), auto_id="pause_%s")

    @cached_property
    def fill_form(self) -> AnswersForm:
        done = {"START"} | {each.code for each in self.seen.steps if each.status in ("DONE", "HERE")}
        asked = tuple(each for each in self.seen.fields if each.by in done and each.kind != "YES_NO")
        data, _files = self._data("fill")
        return AnswersForm(data, fields=asked, auto_id="fill_%s")

    def form(self, verb: str) -> django_forms.Form:
        """The form of a verb, bound where it was just sent."""
        data, files = self._data(verb)
        match verb:
            case "assign":
                role = self.seen.role or (self.next_step.role if self.next_step else "")
                return forms.AssignForm(
                    data, people=self.people(role) | {self.asking.actor.code: self.asking.person.name}
                )
            case "back":
                return forms.BackForm(data, seen=self.seen)
            case "pause":
                return forms.PauseForm(data, seen=self.seen)
            case "transfer":
                root = Scope(self.seen.unit_path.split("/")[0] + "/")
                return forms.TransferForm(data, units=organization.unit_tree(root), here=self.seen.unit_code)
            case "reclassify":
                return forms.ReclassifyForm(data, body=self.body, seen=self.seen)
            case "hand-over":
                return forms.HandOverForm(data, auto_id="hand-over_%s")
            case "merge":
                return forms.MergeForm(data, auto_id="merge_%s")
            case "call-back":
                return forms.CallBackForm(data)
            case "hand-in":
                return forms.HandInForm(data, files, seen=self.seen)
            case "note":
                return forms.NoteForm(data, auto_id="note_%s")
            case _:
                return ReasonForm(data, auto_id=f"{verb}_%s")


@require_safe
def page(request: Request, number: str) -> HttpResponse:
    """The case with everything about it."""
    return show(request, Page(request.asking, number))


@require_safe
def contacts_part(request: Request, number: str) -> HttpResponse:
    """By which messages, calls and visits the customer came about the case, beside it."""
    asking = request.asking
    routes = {"conversation": "console:conversation", "ticket": "console:hall-ticket"}
    found = [
        (one, conversations.CONTACTS[one.what], conversations.about(one.about), shown.linked(asking, routes, one.link))
        for one in contacts.of_case(asking.scope, number)
    ]
    return render(request, "console/cases/contacts.html", {"found": found})


def show(request: Request, case: Page, *, errors: Any = (), status: int = 200) -> HttpResponse:
    """Draw the page; ``errors`` are the sentences of a refused action."""
    link = request.build_absolute_uri(reverse("portal:track", args=[tracking.link_token_of(case.seen)]))
    more = {
        "errors": errors,
        "link": link,
        "may_withdraw_link": not case.is_lent and request.asking.may("console:cases-withdraw-link", write=True),
    }
    return render(request, "console/cases/detail.html", _context(case) | more, status=status)


def _context(case: Page) -> dict[str, Any]:
    seen, asking, may = case.seen, case.asking, case.may
    people = _people_in(seen)
    machines = {SYSTEM.code: _("系统")} | {code: str(name) for code, name in case_pages.SELF_SERVICE.items()}
    names = {**organization.people_names(people), **machines, **residents(people)}
    return {
        "seen": seen,
        "number": seen.glance.number,
        "kind": worded(seen.glance.process_zh, seen.glance.process_en),
        "stage": worded(seen.glance.stage_zh, seen.glance.stage_en) if seen.glance.stage else "",
        "state": words.STATES[seen.glance.state],
        "tone": words.TONES[seen.glance.state],
        "badges": shown.badges(seen),
        "facts": shown.facts(seen, names),
        "track": shown.track(seen),
        "clocks": shown.clocks(seen, asking),
        "fields": shown.fields(seen),
        "documents": [(worded(each.name_zh, each.name_en), each.is_here) for each in seen.documents],
        "papers": shown.papers(seen, names),
        "entries": shown.entries(seen, names),
        "call_backs": shown.call_backs(seen.call_backs, names),
        "related": [("into", seen.into), ("parent", seen.parent)],
        "owner_name": shown.owner(seen, names),
        "is_lent": case.is_lent,
        "left": case.left,
        "may": dict.fromkeys(may, True),
        "me": asking.actor.code,
        "step_name": worded(case.step.name_zh, case.step.name_en) if case.step else "",
        "is_customers": bool(case.step and case.step.by_customer),
        "paused": [(code, worded(zh, en)) for code, zh, en in seen.pauses if code in seen.paused_by],
        **_forms(case, may),
    }


def _forms(case: Page, may: frozenset[str]) -> Mapping[str, Any]:
    """The forms of what may be done, and no others: some ask the database who could take the case."""
    found: dict[str, Any] = {}
    if "finish" in may:
        found |= {"finish": case.finish_form, "answers": case.answers_form, "proofs": case.proofs_form}
    if "pause" in may:
        found["pause_proofs"] = case.pause_proofs
    if "fill" in may:
        found["fill"] = case.fill_form
    named = {
        "assign": "assign", "send_back": "back", "pause": "pause", "transfer": "transfer", "reclassify": "reclassify",
        "merge": "merge", "call_back": "call-back", "hand_in": "hand-in", "note": "note",
        "hand_over": "hand-over",
    }  # fmt: skip
    return found | {f"{verb}_form": case.form(route) for verb, route in named.items() if verb in may}


def _people_in(seen: CaseShown) -> set[str]:
    told = {str(each.facts.get(name, "")) for each in seen.entries for name in ("handler", "owner", "from")}
    others = {each.called_by for each in seen.call_backs} | {each.actor for each in seen.papers}
    return {each.actor for each in seen.entries} | told | others | {seen.glance.owner, seen.glance.handler}
