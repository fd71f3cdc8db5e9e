"""The published files of supply, as a web server hands them out: for an installation that has none before it."""

from __future__ import annotations

import os
import re

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

from wandeng.flows.supply_status import publishing

_NAME = re.compile(r"(?:heartbeat|index|planned|[0-9a-f]{16}|(?:places|planned)-[0-9a-f]{16})\.json")


@require_safe
def published(request: HttpRequest, name: str) -> HttpResponse:
    """A file with its ETag, which whoever asks again says to hear "not modified"."""
    if not _NAME.fullmatch(name):
        raise Http404
    try:
        with (publishing.folder() / name).open("rb") as file:
            body, stat = file.read(), os.fstat(file.fileno())
    except FileNotFoundError:
        raise Http404 from None
    etag = quote_etag(f"{stat.st_mtime_ns:x}-{stat.st_size:x}")
    headers = {"ETag": etag, "Last-Modified": http_date(stat.st_mtime), "Cache-Control": "no-cache"}
    whole = HttpResponse(body, content_type="application/json", headers=headers)
    return get_conditional_response(request, etag=etag, last_modified=int(stat.st_mtime), response=whole) or whole
