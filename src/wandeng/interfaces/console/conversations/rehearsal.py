"""The telephone menu listened to without a telephone (语音导航试听): press keys, read and hear what is said; nothing is kept."""

from __future__ import annotations

import re
from pathlib import Path

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_safe

from wandeng.flows import voice_prompts, voice_rehearsal
from wandeng.flows.voice_rehearsal import Rehearsed
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.kernel.errors import InvalidInput

_FRAGMENT = re.compile(r"[a-z][a-z0-9_]*-[a-z0-9]+")
MOST_FRAGMENTS = 200


class RehearsalForm(forms.Form):
    """Who calls, and what was pressed so far."""

    phone = forms.RegexField(
        r"^[0-9]{3,20}$", label=gettext_lazy("来电号码"), help_text=gettext_lazy("只有已核实的号码能查到户号的事")
    )
    keys = forms.CharField(
        label=gettext_lazy("依次按键"), max_length=400, required=False,
        help_text=gettext_lazy("每次按键之间用空格隔开；户号后按 #；“-”表示没有按"),
    )  # fmt: skip


class RehearsalPage(View):
    """Call and press."""

    def get(self, request: Request) -> HttpResponse:
        return self._shown(request, RehearsalForm(), [])

    def post(self, request: Request) -> HttpResponse:
        given = request.POST.copy()
        pressed = given.get("press", "").strip()
        given["keys"] = f"{given.get('keys', '')} {pressed}".strip()
        form, turns = RehearsalForm(given), list[Rehearsed]()

        def call() -> None:
            keys = ["" if one == "-" else one for one in form.cleaned_data["keys"].split()]
            turns.extend(
                voice_rehearsal.rehearse(
                    phone=form.cleaned_data["phone"], keys=keys, actor=request.asking.actor, at=request.asking.now, library=rulebook.library(),
                    charter=rulebook.charter,
                )
            )  # fmt: skip

        done = attempt(form, call)
        return self._shown(request, form, turns, status=200 if done else 422)

    def _shown(
        self, request: Request, form: RehearsalForm, turns: list[Rehearsed], *, status: int = 200
    ) -> HttpResponse:
        last = turns[-1].answer if turns else None
        context = {
            "form": form, "turns": [(one, _sound(one)) for one in turns], "goes_on": last is not None and last.then == "GATHER",
            "asks_number": last is not None and last.digits > 1, "pad": "123456789*0#",
            "then": {"GATHER": _WAITS, "TRANSFER": _TRANSFER, "HANGUP": _HANGUP},
        }  # fmt: skip
        return render(request, "console/conversations/rehearsal.html", context, status=status)


_WAITS, _TRANSFER, _HANGUP = gettext_lazy("等按键"), gettext_lazy("转人工"), gettext_lazy("挂机")


def _sound(turn: Rehearsed) -> str:
    """The fragments of a turn, when all that is said is recorded; else nothing."""
    said = turn.answer.say
    names = [name for one in said for name in one.fragments]
    is_whole = bool(names) and all(one.fragments for one in said)
    return ",".join(names) if is_whole and all((_folder() / f"{one}.wav").is_file() for one in names) else ""


@require_safe
def sound(request: Request) -> HttpResponse:
    """Recorded fragments one after another, as WAV."""
    names = request.GET.get("f", "").split(",")
    if len(names) > MOST_FRAGMENTS or not all(_FRAGMENT.fullmatch(one) for one in names):
        raise Http404
    try:
        made = voice_prompts.played(_folder(), names)
    except InvalidInput:
        raise Http404 from None
    return HttpResponse(made, content_type="audio/wav")


def _folder() -> Path:
    return Path(settings.HOME) / "prompts"
