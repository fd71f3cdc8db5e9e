"""Which messages come about an account, by which way first, and when not."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wandeng.domains.notices.queries import contact_preference
from wandeng.domains.notices.types import ContactPreferenceShown
from wandeng.domains.residents.types import actor_of
from wandeng.flows import contact_wishes
from wandeng.infra.scope import Scope
from wandeng.interfaces.doorway import holding, rulebook
from wandeng.interfaces.doorway.words import contact_wishes as words
from wandeng.interfaces.doorway.words.notices import CHANNELS
from wandeng.interfaces.portal.my.pages import page, told
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Refused

SOURCE = "ONLINE"
HOURS = tuple(f"{hour:02}:00" for hour in range(24))


@require_http_methods(["GET", "HEAD", "POST"])
def wishes(request: HttpRequest, number: str) -> HttpResponse:
    """What comes, and what always comes with the reason; sent back, it is so from now on."""
    held = holding.of(request)
    account = held.account(number)
    wrong, status = "", 200
    if request.method == "POST":
        try:
            _chosen(request, held, number)
            return HttpResponseRedirect(reverse("my:wishes", args=[number]) + "?saved=1")
        except Refused as refusal:
            wrong, status = told(refusal), 422
    shown = contact_preference(Scope.everywhere(), number, now=held.now, library=rulebook.library())
    quiet = shown.quiet.partition("-")
    context = {
        "account": account, "wrong": wrong, "saved": "saved" in request.GET and not wrong, "wishes": _optional(shown),
        "required": _required(shown), "channel": shown.channel, "quiet_from": quiet[0], "quiet_to": quiet[2],
        "channels": [("", words.USUAL), *((one, CHANNELS[one]) for one in shown.channels)],
        "hours_from": _hours(quiet[0]), "hours_to": _hours(quiet[2]),
    }  # fmt: skip
    return page(request, "wishes", context, at=held.now, status=status)


def _optional(shown: ContactPreferenceShown) -> list[tuple[str, object, bool]]:
    return [(one.purpose, words.MESSAGES[one.purpose], not one.is_off) for one in shown.messages if not one.is_required]


def _required(shown: ContactPreferenceShown) -> list[tuple[object, object]]:
    return [
        (words.MESSAGES[one.purpose], words.REASONS.get(one.purpose, words.REQUIRED))
        for one in shown.messages
        if one.is_required
    ]


def _hours(chosen: str) -> tuple[str, ...]:
    """The full hours, and the one that staff wrote down if it is none."""
    return tuple(sorted({*HOURS, chosen} - {""}))


def _chosen(request: HttpRequest, held: holding.Holding, number: str) -> None:
    begins, ends = str(request.POST.get("from", "")), str(request.POST.get("to", ""))
    contact_wishes.choose(
        account_number=held.account(number).account_number, wanted=request.POST.getlist("wanted"),
        channel=str(request.POST.get("channel", "")), quiet_hours=f"{begins}-{ends}" if begins or ends else "",
        source=SOURCE, actor=Actor(actor_of(held.resident_id).code, roles=frozenset({"ADMINISTRATOR"})), at=held.now,
        library=rulebook.library(),
    )  # fmt: skip
