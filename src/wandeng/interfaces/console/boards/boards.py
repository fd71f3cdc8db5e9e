"""One board, its keeper, printing and end; and what is done for a unit at once: put up, show bills due, print."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.boards import actions, queries
from wandeng.domains.organization import queries as organization
from wandeng.flows.community_boards import pages
from wandeng.infra.scope import Scope
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import boards as words
from wandeng.interfaces.doorway.words import planned_outages
from wandeng.kernel.errors import InvalidInput

PDF = "application/pdf"


class UnitForm(forms.Form):
    """Of which unit, with all below it."""

    unit_code = forms.ChoiceField(label=gettext_lazy("单位"))

    def __init__(self, *arguments: Any, scope: Scope, **named: Any) -> None:
        super().__init__(*arguments, **named)
        units = organization.unit_tree(scope)
        self.fields["unit_code"].choices = [(one.code, one.name) for one in units]  # type: ignore[attr-defined]


class AllForm(UnitForm):
    """A board for every public area that has none."""

    is_public = forms.BooleanField(
        label=gettext_lazy("地址用台区编号"), required=False, help_text=gettext_lazy("不勾选时地址是随机的，无法猜到")
    )


class CommunityForm(AllForm):
    """Of a community."""

    community = forms.CharField(label=gettext_lazy("小区或村"), max_length=128)
    field_order = ("unit_code", "community", "is_public")


class AreaForm(forms.Form):
    """Of one area."""

    area = forms.CharField(label=gettext_lazy("台区编号"), max_length=64)
    is_public = AllForm.base_fields["is_public"]


class ArrearsForm(UnitForm):
    """Whether bills due are shown."""

    is_shown = forms.BooleanField(label=gettext_lazy("显示欠费"), required=False)


class PrintForm(UnitForm):
    """All boards of a unit as one file."""

    paper = forms.ChoiceField(label=gettext_lazy("纸张"), choices=list(words.PAPERS.items()))


class PaperForm(forms.Form):
    """One board on paper."""

    paper = forms.ChoiceField(label=gettext_lazy("纸张"), choices=list(words.PAPERS.items()))


class KeeperForm(forms.Form):
    """Whom this board names."""

    person = forms.CharField(
        label=gettext_lazy("负责人工号"), max_length=64, required=False,
        help_text=gettext_lazy("不填时是本单位在岗的台区经理"),
    )  # fmt: skip


TOGETHER = {"all": AllForm, "community": CommunityForm, "area": AreaForm, "arrears": ArrearsForm, "print": PrintForm}


@require_safe
def manage(request: Request) -> HttpResponse:
    """Everything that concerns more than one board."""
    return _managed(request, {})


@require_POST
def do(request: Request, verb: str) -> HttpResponse:
    """Put up, show bills due or not, print."""
    if verb not in TOGETHER:
        raise Http404
    asking, form, made = request.asking, _form(request, verb, request.POST), list[Any]()

    def run() -> None:
        given: dict[str, Any] = form.cleaned_data
        by: dict[str, Any] = {"actor": asking.actor, "at": asking.now}
        if verb == "print":
            unit = organization.unit(asking.scope, given["unit_code"])
            ids = queries.standing_ids(asking.scope.narrowed(unit.path), most=pages.MOST_A_FILE + 1)
            made.append(_printed(request, ids, given["paper"]))
        elif verb == "arrears":
            made.append(actions.show_arrears(**given, **by))
        elif verb == "all":
            made.append(actions.put_up_all(**given, **by))
        else:
            made.append((actions.put_up if verb == "area" else actions.put_up_community)(**given, **by))

    if not attempt(form, run):
        return _managed(request, {verb: form}, status=422)
    if verb == "print":
        return _file(made[0], "boards.pdf")
    if verb in ("all", "arrears"):
        said = _("已设立 %(n)d 块公示栏。") if verb == "all" else _("已更改 %(n)d 块公示栏。")
        messages.success(request, said % {"n": made[0]})
        return HttpResponseRedirect(reverse("console:boards"))
    messages.success(request, _("已设立公示栏。"))
    return HttpResponseRedirect(reverse("console:board", args=made))


@require_safe
def page(request: Request, board: int) -> HttpResponse:
    """One board."""
    return _shown(request, board, {})


@require_POST
def act(request: Request, board: int, verb: str) -> HttpResponse:
    """Name its keeper, print or withdraw it."""
    asking = request.asking
    queries.board(asking.scope, board)
    kind = {"keeper": KeeperForm, "print": PaperForm, "withdraw": forms.Form}.get(verb)
    if kind is None:
        raise Http404
    form, made = kind(request.POST, auto_id=f"{verb}_%s"), list[bytes]()

    def run() -> None:
        by: dict[str, Any] = {"actor": asking.actor, "at": asking.now}
        if verb == "keeper":
            actions.name_keeper(board=board, person=form.cleaned_data["person"], **by)
        elif verb == "withdraw":
            actions.withdraw(board=board, **by)
        else:
            made.append(_printed(request, [board], form.cleaned_data["paper"]))

    if not attempt(form, run):
        return _shown(request, board, {verb: form}, status=422)
    if made:
        return _file(made[0], f"board-{board}.pdf")
    messages.success(request, _("已记录。"))
    return HttpResponseRedirect(reverse("console:board", args=[board]))


def _printed(request: Request, ids: list[int], paper: str) -> bytes:
    if not ids:
        raise InvalidInput("there is no board to print")
    asking = request.asking
    how = pages.BoardPrint(
        paper,
        rulebook.hotline(on=asking.today),
        request.build_absolute_uri("/").rstrip("/"),
        planned_outages.everywhere,
    )
    return pages.printed(ids=ids, how=how, actor=asking.actor, at=asking.now, library=rulebook.library())


def _file(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=PDF, headers={"Content-Disposition": f'inline; filename="{name}"'})


def _form(request: Request, verb: str, *arguments: Any) -> forms.Form:
    kind: Any = TOGETHER[verb]
    named = {"scope": request.asking.scope} if issubclass(kind, UnitForm) else {}
    made: forms.Form = kind(*arguments, auto_id=f"{verb}_%s", **named)
    return made


def _managed(request: Request, bound: dict[str, forms.Form], *, status: int = 200) -> HttpResponse:
    titles = {
        "all": (_("为单位的全部公用台区设立"), _("设立")), "area": (_("为一个台区设立"), _("设立")),
        "community": (_("为一个小区或村设立"), _("设立")), "arrears": (_("公示栏显示欠费"), _("更改")),
        "print": (_("打印单位的全部公示栏"), _("打印")),
    }  # fmt: skip
    cards = [(verb, *titles[verb], bound.get(verb) or _form(request, verb)) for verb in TOGETHER]
    return render(request, "console/boards/manage.html", {"cards": cards}, status=status)


def _shown(request: Request, board: int, bound: dict[str, forms.Form], *, status: int = 200) -> HttpResponse:
    asking = request.asking
    found = queries.board(asking.scope, board)
    people = queries.responsible(found, on=asking.today)
    # The county answers for a board too, and its card is no business of an office.
    near = organization.people_rows(asking.scope, on=asking.today).filter(code__in=[one.person for one in people])
    inside = {row["code"] for row in near}
    context = {
        "found": found, "state": words.STATES[found.state], "tone": words.TONES[found.state],
        "people": [(words.POSTS[one.post], one, one.person in inside) for one in people], "may_act": asking.may("console:board-act", write=True),
        "link": request.build_absolute_uri(reverse("board:show", args=[found.handle])) if found.state == "SHOWN" else "",
        "keeper_form": bound.get("keeper") or KeeperForm(initial={"person": found.keeper}, auto_id="keeper_%s"),
        "paper_form": bound.get("print") or PaperForm(auto_id="print_%s"), "withdraw_form": bound.get("withdraw"),
    }  # fmt: skip
    return render(request, "console/boards/board.html", context, status=status)
