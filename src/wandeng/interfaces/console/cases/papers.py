"""Papers of a case as they were handed in, the notice of what is needed, and the form that is filled in already."""

from __future__ import annotations

from pathlib import Path

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from wandeng.domains.cases.queries import one, tracking
from wandeng.domains.cases.types import Charter
from wandeng.flows.case_documents import pages
from wandeng.interfaces.doorway.asking import Request

KINDS = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp", ".pdf": "application/pdf",
    ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".wav": "audio/wav",
}  # fmt: skip
"""What is taken as a file, by its end; a browser is told this and nothing it might guess from the content."""


@require_safe
def paper(request: Request, paper_id: int) -> HttpResponse:
    """The file of a paper."""
    name, content = one.paper(request.asking.scope, paper_id)
    suffix = Path(name).suffix.lower()
    headers = {
        "Content-Disposition": f'inline; filename="{paper_id}{suffix}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=KINDS.get(suffix, "application/octet-stream"), headers=headers)


@require_safe
def sheet(request: Request, process: str) -> HttpResponse:
    """What is needed for a kind of case, on one sheet (一次告知)."""
    asking = request.asking
    content = pages.sheet_pdf(
        process, charter=Charter.current(), territory=asking.unit.territory, unit_name=asking.unit.name, on=asking.today
    )
    return _pdf(content, f"{process}.pdf")


@require_safe
def filled(request: Request, number: str) -> HttpResponse:
    """The application, filled in with what is known (免填单)."""
    asking = request.asking
    token = tracking.link_token(asking.scope, number)
    link = request.build_absolute_uri(reverse("portal:track", args=[token]))
    content = pages.form_pdf(asking.scope, number, charter=Charter.current(), now=asking.now, link=link)
    return _pdf(content, f"{number}.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    named = {"Content-Disposition": f'inline; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type="application/pdf", headers=named)
