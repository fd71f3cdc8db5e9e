"""Intake (受理): a number in, and who calls, how they stand and what is open already stands beside the form."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wandeng.domains.cases.actions import contact, steering
from wandeng.domains.cases.actions import intake as opening
from wandeng.domains.cases.queries import known, promised
from wandeng.domains.cases.types import Charter
from wandeng.domains.cases.types import Request as Asked
from wandeng.domains.emergency.queries import announcing
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role, UnitNode
from wandeng.flows import case_desk
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.infra.processes.parts import START
from wandeng.interfaces.console.cases import shown
from wandeng.interfaces.console.cases.answers import PREFIX, AnswersForm, blank_fields
from wandeng.interfaces.console.cases.intake_form import IntakeForm
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway.asking import Asking, Request
from wandeng.interfaces.doorway.process_names import worded
from wandeng.kernel.errors import Refused

FIRST_KIND = {Role.HALL_CLERK: "enquiry"}
USUAL = "fault_repair"
"""What is offered first: whoever has no light is not to be made to choose."""
CHANNEL = {
    Role.CALL_CLERK: "PHONE_95598",
    Role.HALL_CLERK: "HALL",
    Role.CELL_MANAGER: "CELL",
    Role.METER_READER: "CELL",
}
WHOSE = ("CUSTOMER_NAME", "PHONE", "ACCOUNT_NUMBER")
"""What an anonymous case does not keep."""


@dataclass
class Desk:
    """What is known so far of somebody who asks for something, out of an address or a form half filled in."""

    asking: Asking
    given: QueryDict
    is_posted: bool
    charter: Charter = field(default_factory=Charter.current)

    @cached_property
    def part_of(self) -> str:
        return self.given.get("part_of", "")

    @cached_property
    def asked(self) -> str:
        return self.given.get("q", "").strip()

    @cached_property
    def picked(self) -> str:
        """The account chosen, or ``""``; ``-`` in its place says that the caller is not known."""
        chosen = self.given.get("pick") or self.given.get("account", "")
        if self.given.get("do") == "find":
            return self.hits[0].account_number if len(self.hits) == 1 else ""
        return "" if chosen == "-" else chosen

    @cached_property
    def hits(self) -> tuple[Any, ...]:
        is_asked = self.given.get("do") == "find"
        return case_desk.found(self.asking.scope, self.asked) if is_asked else ()

    @cached_property
    def phone(self) -> str:
        """The number the caller calls from, where that is what was typed."""
        typed = self.asked or self.given.get("phone", "")
        digits = typed.replace("-", "").replace(" ", "").removeprefix("+86")
        return digits if digits.isdigit() and len(digits) == 11 and digits.startswith("1") else ""

    @cached_property
    def kinds(self) -> tuple[Any, ...]:
        """The kinds of cases, by code, that can be opened today."""
        return self.charter.processes.in_force(self.asking.today)

    @cached_property
    def body(self) -> ProcessDefinition:
        """The definition chosen, or the one that is usual for who asks. Raises ``NotFound``."""
        roles = {Role(one) for one in self.asking.actor.roles}
        usual = next((FIRST_KIND[role] for role in roles if role in FIRST_KIND), USUAL)
        codes = [one.process for one in self.kinds]
        chosen = self.given.get("process") or (usual if usual in codes else codes[0])
        return self.charter.processes.version(chosen, on=self.asking.today).body

    @cached_property
    def place(self) -> opening.Place | None:
        """The account chosen with its transformer and unit. Raises ``NotFound``, also outside the scope."""
        if not self.picked:
            return None
        return opening.Place.of(Asked(self.body.process, "", {}, account_number=self.picked), self.asking.scope)

    @cached_property
    def caller(self) -> case_desk.Caller:
        account = self.place.account if self.place else None
        return case_desk.about(self.asking.scope, account, phone=self.phone, charter=self.charter)

    @cached_property
    def units(self) -> tuple[UnitNode, ...]:
        return organization.unit_tree(self.asking.scope)

    @property
    def is_opening(self) -> bool:
        """Whether the forms are to be held to what they ask: while somebody still types, nothing is wrong yet."""
        return self.is_posted and self.given.get("do") == "open"

    @cached_property
    def form(self) -> IntakeForm:
        roles = {Role(one) for one in self.asking.actor.roles}
        usual = next((CHANNEL[role] for role in CHANNEL if role in roles), self.body.intake.channels[0])
        channel = usual if usual in self.body.intake.channels else self.body.intake.channels[0]
        initial: dict[str, Any] = {"channel": channel, "unit": self.asking.unit.code, "locality": ""}
        chosen = {name: self.given.get(name, "") for name in IntakeForm.base_fields if self.given.get(name)}
        if chosen.get("channel", channel) not in self.body.intake.channels:
            del chosen["channel"]
        return IntakeForm(
            self.given if self.is_opening else None, body=self.body, units=self.units,
            has_account=self.caller.account is not None,
            initial=initial | chosen | {"documents": self.given.getlist("documents")},
        )  # fmt: skip

    @cached_property
    def typed(self) -> dict[str, str]:
        """What stands in the fields of this kind, valid or not; nothing where another kind's form was sent."""
        if not self.is_posted or not self.given.get("shown", "").startswith(f"{self.body.process}/"):
            return {}
        found = {one.code: self.given.get(f"{PREFIX}-{one.code}", "").strip() for one in self.body.fields}
        return {code: text for code, text in found.items() if text}

    @cached_property
    def known_values(self) -> dict[str, str]:
        """What the form takes over: field → value, telephone numbers masked."""
        if self.place is None:
            return {}
        return known.prefilled_at(self.place, process=self.body.process, charter=self.charter, on=self.asking.now)

    @cached_property
    def answers(self) -> AnswersForm:
        calling = {one.code: self.phone for one in self.body.fields if one.known_as == "PHONE" and self.phone}
        known_already = {code: text for code, text in self.known_values.items() if code not in calling}
        made = AnswersForm(
            self.given if self.is_opening else None, fields=blank_fields(self.body, by=[START]), known=known_already
        )
        for code, text in (calling | self.typed).items():
            if code in made.fields and (code not in known_already or self.is_same_caller):
                made.fields[code].initial = text
        return made

    @property
    def is_same_caller(self) -> bool:
        """Whether what was typed was typed for the account that is chosen now."""
        return self.given.get("shown") == f"{self.body.process}/{self.picked}"

    def request(self) -> Asked:
        """The request as the forms have it; both must have been found valid. Who stays anonymous is not named."""
        given, answers, account = self.form.cleaned_data, self.answers.answers(), self.caller.account
        is_anonymous = bool(given.get("is_anonymous"))
        if is_anonymous:
            whose = {one.code for one in self.body.fields if one.known_as in WHOSE}
            answers = {code: text for code, text in answers.items() if code not in whose}
        first, _slash, second = given.get("first_and_second", "").partition("/")
        return Asked(
            self.body.process, given["channel"], answers,
            unit_code=account.unit_code if account and is_anonymous else "" if account else given["unit"],
            account_number="" if is_anonymous else self.picked,
            locality=account.locality if account else given.get("locality", ""), first_class=first, second_class=second,
            grade=given.get("grade", ""), urgency=given.get("urgency", ""), is_anonymous=is_anonymous,
            is_confidential=bool(given.get("is_confidential")), outside_number=given.get("outside_number", ""),
            documents=tuple(given.get("documents", ())),
        )  # fmt: skip

    def duplicates(self) -> tuple[Any, ...]:
        """Open cases about the same thing, as far as that can be told by now."""
        unit = self.form.value("unit")
        if not self.picked and not (unit and self.typed):
            return ()
        asked = Asked(self.body.process, "", self.typed, unit_code=unit)
        scope, now = self.asking.scope, self.asking.now
        try:
            place = self.place or opening.Place.of(asked, scope)
        except Refused:
            # A unit that was typed into the address: the form itself says what is wrong with it.
            return ()
        return known.duplicates_at(scope, place, request=asked, charter=self.charter, now=now)

    def promises(self) -> list[dict[str, Any]]:
        """The limits that would run, each with whoever promises it, the strictest first."""
        account = self.caller.account
        locality = account.locality if account else self.form.value("locality")
        classes = tuple(one for one in (locality, self.typed.get("CLASS", "")) if one)
        territory = account.territory if account else self._territory()
        found = promised.promised(
            self.body.process, channel=self.form.value("channel"), classes=classes, territory=territory,
            on=self.asking.today, charter=self.charter,
        )  # fmt: skip
        return shown.promises(found)

    def _territory(self) -> str:
        chosen = self.form.value("unit")
        return next((one.territory for one in self.units if one.code == chosen), self.asking.unit.territory)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request) -> HttpResponse:
    """Find who calls, show the form of what they ask, and open or join."""
    is_posted = request.method == "POST"
    desk = Desk(request.asking, request.POST if is_posted else request.GET, is_posted)
    if is_posted and desk.given.get("join"):
        return _join(request, desk)
    if desk.is_opening:
        answer = _open(request, desk)
        if answer is not None:
            return answer
    status = 422 if desk.is_opening else 200
    return render(request, "console/cases/intake.html", _context(desk), status=status)


def _open(request: Request, desk: Desk) -> HttpResponse | None:
    made: list[Any] = []
    asking = desk.asking

    def do() -> None:
        if desk.part_of:
            made.append(
                steering.split(
                    number=desk.part_of, request=desk.request(), actor=asking.actor, at=asking.now, charter=desk.charter
                )
            )
        else:
            made.append(
                opening.open_case(request=desk.request(), actor=asking.actor, at=asking.now, charter=desk.charter)
            )

    if not desk.answers.is_valid() or not attempt(desk.form, do):
        return None
    messages.success(request, _("已受理，单号 %(number)s。") % {"number": made[0].number})
    return HttpResponseRedirect(reverse("console:cases-detail", args=[made[0].number]))


def _join(request: Request, desk: Desk) -> HttpResponse:
    number, asking = desk.given.get("join", ""), desk.asking
    long = next((desk.typed.get(one.code, "") for one in desk.body.fields if one.kind == "LONG_TEXT"), "")
    contact.join(
        number=number, words=long, phone_index=known.caller_mark(desk.phone) if desk.phone else "",
        channel=desk.given.get("channel", ""), actor=asking.actor, at=asking.now, charter=desk.charter,
    )  # fmt: skip
    messages.success(request, _("已并入 %(number)s，没有另立新单。") % {"number": number})
    return HttpResponseRedirect(reverse("console:cases-detail", args=[number]))


def _context(desk: Desk) -> dict[str, Any]:
    caller = desk.caller
    listed = desk.form
    more = [
        name
        for name in ("urgency", "grade", "outside_number", "is_anonymous", "is_confidential")
        if name in listed.fields
    ]
    return {
        "desk": desk,
        "caller": caller,
        "announcements": announcing.announcements(desk.asking.scope),
        "is_unknown": desk.given.get("pick") == "-" or (bool(desk.asked) and not desk.hits),
        "cut_or_not": shown.supply(caller),
        "cases": shown.glances(caller.cases),
        "by_phone": shown.glances(caller.by_phone),
        "duplicates": shown.glances(desk.duplicates()),
        "kinds": [(one.process, worded(one.body.title_zh, one.body.title_en)) for one in desk.kinds],
        "title_of_kind": worded(desk.body.title_zh, desk.body.title_en),
        "form": listed,
        "answers": desk.answers,
        "first_fields": [listed[name] for name in ("unit", "locality", "first_and_second", "channel") if name in listed.fields],
        "more_fields": [listed[name] for name in more],
        "papers": listed["documents"] if "documents" in listed.fields else None,
        "shown_key": f"{desk.body.process}/{desk.picked}",
        "promises": desk.promises(),
        "first_taker": desk.asking.person.name,
        "may_see": desk.asking.may("console:customers-detail"),
    }  # fmt: skip
