"""The examination of the installation as a page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from wandeng.flows.doctor import examination
from wandeng.flows.doctor.findings import Severity
from wandeng.infra.scope import require_root
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import integrations as words

ADMINISTRATOR = "ADMINISTRATOR"


@require_safe
def doctor_page(request: Request) -> HttpResponse:
    """Every check with what it found, the gaps first."""
    require_root(request.asking.actor, ADMINISTRATOR)
    language = get_language() or "zh-hans"
    groups = examination.examine(request.asking.now)
    found = [
        {
            "group": en if language.startswith("en") else zh,
            "code": one.code,
            "severity": one.severity.name,
            "word": words.SEVERITIES[one.severity.name],
            "tone": words.SEVERITY_TONES[one.severity.name],
            "sentence": one.sentence.told(language),
            "remedy": one.remedy.told(language),
        }
        for zh, en, findings in groups
        for one in findings
    ]
    context = {
        "gaps": [one for one in found if one["severity"] != Severity.FINE.name],
        "fine": [one for one in found if one["severity"] == Severity.FINE.name],
        "faults": sum(one["severity"] == Severity.FAULT.name for one in found),
        "warnings": sum(one["severity"] == Severity.WARNING.name for one in found),
    }
    return render(request, "console/integrations/doctor.html", context)
