"""What is done to a case from its page: one action a route, refusals in the reader's words on the page itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from wandeng.domains.cases.actions import contact, ending, revealing, steering, tracking, work
from wandeng.domains.cases.queries import one
from wandeng.flows.connections import finishing, withdrawing
from wandeng.interfaces.console.cases import detail
from wandeng.interfaces.console.cases.answers import proof_of
from wandeng.interfaces.console.cases.detail import Page
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import case_pages

Given = dict[str, Any]


@require_POST
def finish(request: Request, number: str) -> HttpResponse:
    """Finish the step the case stands at."""
    case = _page(request, number, "finish")
    answers, proofs, form = case.answers_form, case.proofs_form, case.finish_form
    asking = request.asking

    def do() -> None:
        finishing.finish(
            number=number, step=request.POST.get("step", ""), actor=asking.actor, at=asking.now, charter=case.charter,
            answers=answers.answers(clearing=True), proofs=proofs.proofs(), handler=form.cleaned_data.get("handler", ""),
            result=form.cleaned_data.get("result", ""), note=form.cleaned_data["note"],
        )  # fmt: skip

    # All three are looked at, so that everything that is missing is told at once.
    are_whole = answers.is_valid() & proofs.is_valid()
    if are_whole and attempt(form, do):
        return _done(request, number, "finish", is_lent=case.is_lent)
    return detail.show(request, case, errors=form.non_field_errors(), status=422)


@require_POST
def assign(request: Request, number: str) -> HttpResponse:
    """Put the case into somebody's hands, or take it."""
    return _act(request, number, "assign", lambda given, common: work.assign(
        number=number, handler=given["handler"], note=given["note"], **common))  # fmt: skip


@require_POST
def take(request: Request, number: str) -> HttpResponse:
    """Take the case oneself."""
    asking, case = request.asking, _page(request, number, "assign")
    form = django_forms.Form(request.POST)
    if attempt(form, lambda: work.assign(
        number=number, handler=asking.actor.code, actor=asking.actor, at=asking.now, charter=case.charter)):  # fmt: skip
        return _done(request, number, "assign")
    return detail.show(request, Page(asking, number), errors=form.non_field_errors(), status=422)


@require_POST
def back(request: Request, number: str) -> HttpResponse:
    """Send the case back to an earlier step."""
    return _act(request, number, "back", lambda given, common: work.send_back(
        number=number, to_step=given["to_step"], reason=given["reason"], **common))  # fmt: skip


@require_POST
def pause(request: Request, number: str) -> HttpResponse:
    """Stop the clocks, with what proves it."""
    case = _page(request, number, "pause")
    proofs = case.pause_proofs
    proofs.is_valid()
    return _act(request, number, "pause", lambda given, common: work.pause(
        number=number, pause=given["pause"], reason=given["reason"], proofs=proofs.proofs(), **common), case=case)  # fmt: skip


@require_POST
def resume(request: Request, number: str) -> HttpResponse:
    """Let the clocks run again."""
    return _act(request, number, "resume", lambda given, common: work.resume(
        number=number, pause=request.POST.get("pause", ""), note=given["reason"], **common))  # fmt: skip


@require_POST
def fill(request: Request, number: str) -> HttpResponse:
    """Correct what stands in the form."""
    asking, case = request.asking, _page(request, number, "fill")
    form = case.fill_form
    if attempt(form, lambda: work.fill(
        number=number, answers=form.answers(clearing=True), actor=asking.actor, at=asking.now, charter=case.charter)):  # fmt: skip
        return _done(request, number, "fill")
    return detail.show(request, case, errors=_told(form), status=422)


@require_POST
def hand_in(request: Request, number: str) -> HttpResponse:
    """Take a document or a proof."""

    def do(given: Given, common: Given) -> None:
        kind, _colon, document = given["what"].partition(":")
        work.hand_in(number=number, proofs=[proof_of(kind, given["label"], given["file"], document=document)], **common)

    return _act(request, number, "hand-in", do)


@require_POST
def note(request: Request, number: str) -> HttpResponse:
    """Write something on the log."""
    return _act(request, number, "note", lambda given, common: steering.note(
        number=number, text=given["text"], actor=common["actor"], at=common["at"]))  # fmt: skip


@require_POST
def press(request: Request, number: str) -> HttpResponse:
    """The customer asks how it goes."""
    return _act(request, number, "press", lambda given, common: steering.press(
        number=number, note=given["reason"], **common))  # fmt: skip


@require_POST
def answer_contact(request: Request, number: str) -> HttpResponse:
    """The customer who came again was answered."""
    return _act(request, number, "answer-contact", lambda given, common: contact.answer(
        number=number, words=given["reason"], actor=common["actor"], at=common["at"]))  # fmt: skip


@require_POST
def hand_over(request: Request, number: str) -> HttpResponse:
    """Give first-contact ownership to a colleague."""
    return _act(request, number, "hand-over", lambda given, common: contact.hand_over(
        number=number, to=given["to"], reason=given["reason"], **common))  # fmt: skip


@require_POST
def supervise(request: Request, number: str) -> HttpResponse:
    """Put the case under supervision."""
    return _act(request, number, "supervise", lambda given, common: steering.supervise(
        number=number, reason=given["reason"], **common))  # fmt: skip


@require_POST
def transfer(request: Request, number: str) -> HttpResponse:
    """Give the case to another unit."""
    return _act(request, number, "transfer", lambda given, common: steering.transfer(
        number=number, unit_code=given["unit"], reason=given["reason"], **common), leaves=True)  # fmt: skip


@require_POST
def reclassify(request: Request, number: str) -> HttpResponse:
    """Correct class, grade or urgency."""

    def do(given: Given, common: Given) -> None:
        first, _slash, second = given.get("first_and_second", "").partition("/")
        steering.reclassify(
            number=number, first_class=first, second_class=second, grade=given.get("grade", ""),
            urgency=given.get("urgency", ""), reason=given["reason"], **common,
        )  # fmt: skip

    return _act(request, number, "reclassify", do)


@require_POST
def merge(request: Request, number: str) -> HttpResponse:
    """End the case in another one about the same thing."""
    return _act(request, number, "merge", lambda given, common: steering.merge(
        number=number, into=given["into"].strip(), reason=given["reason"], actor=common["actor"], at=common["at"]))  # fmt: skip


@require_POST
def withdraw(request: Request, number: str) -> HttpResponse:
    """The customer takes it back."""
    return _act(request, number, "withdraw", lambda given, common: withdrawing.withdraw(
        number=number, reason=given["reason"], **common))  # fmt: skip


@require_POST
def withdraw_link(request: Request, number: str) -> HttpResponse:
    """The link that the customer was given opens nothing any more; the case has another."""
    return _act(request, number, "withdraw-link", lambda given, common: tracking.withdraw_link(
        number=number, reason=given["reason"], actor=common["actor"], at=common["at"]))  # fmt: skip


@require_POST
def call_back(request: Request, number: str) -> HttpResponse:
    """What the customer said when asked."""
    return _act(request, number, "call-back", lambda given, common: ending.call_back(
        number=number, score=given["score"], remark=given["remark"], channel=given["channel"], **common))  # fmt: skip


@require_POST
def not_reached(request: Request, number: str) -> HttpResponse:
    """Nobody answered."""
    return _act(request, number, "not-reached", lambda given, common: ending.not_reached(
        number=number, remark=given["reason"], **common))  # fmt: skip


@require_POST
def reopen(request: Request, number: str) -> HttpResponse:
    """Open the case again."""
    return _act(request, number, "reopen", lambda given, common: ending.reopen(
        number=number, reason=given["reason"], **common))  # fmt: skip


@require_POST
def reveal(request: Request, number: str, field: str) -> HttpResponse:
    """A personal field in the clear, for a reason that is logged; only the value, to be put where the mask stood."""
    asking = request.asking
    value = revealing.reveal(
        number=number, field=field, reason=request.POST.get("reason", ""), actor=asking.actor, at=asking.now
    )
    return HttpResponse(escape(value))


OPTIONAL = frozenset({"press", "resume", "not-reached"})
"""Where a word may stand and none must."""


def _act(
    request: Request, number: str, verb: str, do: Callable[[Given, Given], Any], *, case: Page | None = None,
    leaves: bool = False,
) -> HttpResponse:  # fmt: skip
    """Do it with what the form of the verb says; a refusal is told on the page of the case. ``leaves``: the case may go where
    the person does not see it."""
    asking = request.asking
    case = case or _page(request, number, verb)
    form = case.form(verb)
    if verb in OPTIONAL:
        form.fields["reason"].required = False
    common: Given = {"actor": asking.actor, "at": asking.now, "charter": case.charter}
    if attempt(form, lambda: do(form.cleaned_data, common)):
        return _done(request, number, verb, leaves=leaves, is_lent=case.is_lent)
    return detail.show(request, case, errors=_told(form), status=422)


def _page(request: Request, number: str, verb: str) -> Page:
    return Page(request.asking, number, data=request.POST, files=request.FILES, bound=verb)


def _done(
    request: Request, number: str, verb: str, *, leaves: bool = False, is_lent: bool = False
) -> HttpResponse:  # fmt: skip
    """``is_lent``: a case of another office, which may have gone out of these hands by what was done."""
    messages.success(request, case_pages.DONE[verb])
    if leaves or (is_lent and not one.is_reached(request.asking.scope, number)):
        return HttpResponseRedirect(reverse("console:home"))
    return HttpResponseRedirect(reverse("console:cases-detail", args=[number]))


def _told(form: django_forms.Form) -> list[str]:
    """Every sentence of a form, those of its fields with their names."""
    found, colon = [str(text) for text in form.non_field_errors()], pgettext("after a label", "：")
    for name, texts in form.errors.items():
        if name in form.fields:
            found += [f"{form.fields[name].label}{colon}{text}" for text in texts]
    return found
