"""Letters: printed by the batch, and any batch once more."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.notices import queries
from wandeng.flows import notice_letters
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.lists.notices import BATCHES


class BatchPage(ListPage):
    """The batches, and how many letters wait."""

    definition = BATCHES
    template = "console/notices/letters.html"

    def context(self, request: Request, *args: Any) -> dict[str, Any]:
        return super().context(request, *args) | {
            "waiting": queries.counts(request.asking.scope).letters,
            "may_print": request.asking.may("console:notices-letters-print", write=True),
        }


@require_POST
def print_waiting(request: Request) -> HttpResponse:
    """Take what waits in the unit acted in as a batch."""
    asking = request.asking
    batch, count = notice_letters.print_batch(
        unit_code=asking.unit.code, actor=asking.actor, at=asking.now, library=rulebook.library()
    )
    if batch:
        text = ngettext("批次 %(batch)d：%(count)d 封信函。", "批次 %(batch)d：%(count)d 封信函。", count)
        messages.success(request, text % {"batch": batch, "count": count})
    else:
        messages.info(request, _("没有待打印的信函。"))
    return HttpResponseRedirect(reverse("console:notices-letters"))


@require_safe
def file(request: Request, batch: int) -> HttpResponse:
    """The letters of a batch as PDF."""
    content = notice_letters.document(request.asking.scope, batch, library=rulebook.library())
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="letters-{batch}.pdf"'
    return response
