"""The first page of every role."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wandeng.interfaces.doorway.asking import Request


@require_safe
def home(request: Request) -> HttpResponse:
    """What burns first, by role."""
    return render(request, "console/home/home.html")
