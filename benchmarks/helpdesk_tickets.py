"""The baseline of ``case_helpdesk.py``: tickets through django-helpdesk, five events each, in an environment of its own.

    python helpdesk_tickets.py TICKETS FOLDER     # DATABASE_URL as of Wandeng, else an SQLite file in FOLDER

A ticket is opened, given to somebody, answered, resolved and closed, each by the package's own function in a transaction of
its own, as its pages do. Prints one JSON object.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit


urlpatterns: list[object] = []
"""Filled when Django is ready: the package names addresses in what it writes."""


def database(folder: Path) -> dict[str, object]:
    url = os.environ.get("WANDENG_DATABASE_URL", "")
    if not url:
        # As the product's own embedded database is set up, so that both wait for the disk alike.
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        options = {"transaction_mode": "IMMEDIATE", "init_command": pragmas}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "helpdesk.sqlite3", "OPTIONS": options}
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql", "NAME": "helpdesk", "HOST": parts.hostname, "PORT": parts.port,
        "USER": parts.username, "PASSWORD": parts.password or "",
    }  # fmt: skip


def settle(folder: Path) -> None:
    import django
    from django.conf import settings

    settings.configure(
        SECRET_KEY="benchmark", USE_TZ=True, DATABASES={"default": database(folder)}, ROOT_URLCONF=__name__,
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend", DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        INSTALLED_APPS=[
            "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.sites",
            "django.contrib.messages", "django.contrib.admin", "django.contrib.humanize", "rest_framework", "helpdesk",
        ],
        SITE_ID=1, MEDIA_ROOT=str(folder), HELPDESK_TEAMS_MODE_ENABLED=False,
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    )  # fmt: skip
    django.setup()
    from django.urls import include, path

    urlpatterns.append(path("", include("helpdesk.urls", namespace="helpdesk")))


def main() -> None:
    count, folder = int(sys.argv[1]), Path(sys.argv[2])
    settle(folder)
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.db import transaction
    from helpdesk.models import Queue, Ticket
    from helpdesk.update_ticket import update_ticket

    call_command("migrate", verbosity=0)
    queue = Queue.objects.create(title="Faults", slug="faults")
    clerk = User.objects.create_user("clerk", is_staff=True)
    crew = User.objects.create_user("crew", is_staff=True)

    def story(number: int) -> None:
        with transaction.atomic():
            ticket = Ticket.objects.create(
                queue=queue,
                title=f"No light {number}",
                description="The whole house is dark",
                priority=2,
                status=Ticket.OPEN_STATUS,
            )
        for told in (
            {"owner": crew.pk, "comment": "Given to a crew"},
            {"comment": "On site", "public": True},
            {"new_status": Ticket.RESOLVED_STATUS, "comment": "Repaired", "public": True},
            {"new_status": Ticket.CLOSED_STATUS, "comment": "The customer is content"},
        ):
            with transaction.atomic():
                update_ticket(clerk, Ticket.objects.get(pk=ticket.pk), **told)

    for number in range(5):
        story(number)
    started, worked = time.perf_counter(), time.process_time()
    for number in range(count):
        story(number)
    seconds = time.perf_counter() - started
    print(json.dumps({
        "tickets": count, "events": 5 * count, "seconds": round(seconds, 3), "events_per_s": round(5 * count / seconds, 1),
        "cpu_ms_an_event": round((time.process_time() - worked) * 1000 / (5 * count), 3),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
