"""Two addresses without a door: the root, and what a load balancer asks."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse


def root(_request: HttpRequest) -> HttpResponse:
    """Staff start at the console."""
    return HttpResponseRedirect(reverse("console:home"))


def health(_request: HttpRequest) -> HttpResponse:
    """Whether this process reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
