"""The baseline of ``case_helpdesk.py``: tickets through django-helpdesk, five events each, in an environment of its own.

``case_helpdesk.py`` calls :func:`main` there with the number of tickets and a folder; the database is the one that
``WANDENG_DATABASE_URL`` names, in a database of its own there, else an SQLite file in the folder.

A ticket is opened, given to somebody, answered, resolved and closed, each by the package's own function in a transaction of
its own, as its pages do. Prints one JSON object.
"""

from __future__ import annotations

import json
import os
import sys
import time
from importlib import import_module
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
    settings = import_module("django.conf").settings

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
    import_module("django").setup()
    urls = import_module("django.urls")
    urlpatterns.append(urls.path("", urls.include("helpdesk.urls", namespace="helpdesk")))


def main() -> None:
    count, folder = int(sys.argv[1]), Path(sys.argv[2])
    settle(folder)
    people, transaction = import_module("django.contrib.auth.models"), import_module("django.db").transaction
    call_command = import_module("django.core.management").call_command
    # The package is no dependency of this project: it is there in the environment this runs in, and nowhere else.
    models = import_module("helpdesk.models")
    update_ticket = import_module("helpdesk.update_ticket").update_ticket

    call_command("migrate", verbosity=0)
    queue = models.Queue.objects.create(title="Faults", slug="faults")
    clerk = people.User.objects.create_user("clerk", is_staff=True)
    crew = people.User.objects.create_user("crew", is_staff=True)

    def story(number: int) -> None:
        with transaction.atomic():
            ticket = models.Ticket.objects.create(
                queue=queue,
                title=f"No light {number}",
                description="The whole house is dark",
                priority=2,
                status=models.Ticket.OPEN_STATUS,
            )
        for told in (
            {"owner": crew.pk, "comment": "Given to a crew"},
            {"comment": "On site", "public": True},
            {"new_status": models.Ticket.RESOLVED_STATUS, "comment": "Repaired", "public": True},
            {"new_status": models.Ticket.CLOSED_STATUS, "comment": "The customer is content"},
        ):
            with transaction.atomic():
                update_ticket(clerk, models.Ticket.objects.get(pk=ticket.pk), **told)

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
