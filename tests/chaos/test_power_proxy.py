"""L2, L3: the shipped nginx before the application. Files and kept pages are served when the application is dead, and say how old
they are; a thousand that ask the same are one question to the application; what was typed is kept nowhere."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.management import call_command
from tests.kits import nginx
from tests.kits import storm_world as storm
from tests.kits.nginx import Answered, Application

from wandeng.flows.supply_status import finding, publishing
from wandeng.infra import pii
from wandeng.interfaces.doorway.words import planned_outages as planned_words
from wandeng.interfaces.doorway.words import supply_status as words
from wandeng.interfaces.portal import power

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
SECURITY = (
    "x-frame-options", "x-content-type-options", "referrer-policy", "cross-origin-opener-policy", "cross-origin-resource-policy",
    "permissions-policy",
)  # fmt: skip
KEPT_SECONDS = 5
"""``proxy_cache_valid`` of an answer."""


@dataclass(frozen=True, slots=True)
class Front:
    """nginx and what is behind it; ``answer`` is the address of an area that is off."""

    port: int
    behind: Application
    answer: str
    file: str
    folder: Path

    def ask(self, path: str, **also: str) -> Answered:
        return nginx.ask(self.port, path, **also)  # type: ignore[arg-type]


@pytest.fixture
def front(settings, tmp_path: Path) -> Iterator[Front]:
    settings.HOME = tmp_path / "home"
    settings.STATIC_ROOT = tmp_path / "home/static"
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = False, 0
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    pii.create_key()
    call_command("collectstatic", verbosity=0, interactive=False)
    charter = storm.build()
    for house in (1, 2):
        storm.call(charter, f"A1-{house:02d}")
    publish()
    power.GATE.forget()
    (spot,) = finding.by_number("A1-01")
    with (
        nginx.application() as behind,
        nginx.running(tmp_path / "nginx", home=settings.HOME, upstream=behind.port) as port,
    ):
        answer = f"/power/at/{spot.feeder}.{spot.area}"
        yield Front(port, behind, answer, f"/status/{spot.feeder}.json", tmp_path / "nginx")


def publish() -> None:
    publisher = publishing.Publisher(words.everywhere, planned_words.everywhere)
    publisher.publish(storm.NIGHT)
    publisher.close()


def test_what_nginx_says_itself_is_as_guarded_as_what_the_application_says(front: Front) -> None:
    direct = nginx.ask(front.behind.port, front.answer)
    for path in ("/status/heartbeat.json", front.file, "/static/dist/power.js"):
        own = front.ask(path)
        assert own.status == 200, path
        assert {name: own.headers.get(name) for name in SECURITY} == {name: direct.headers[name] for name in SECURITY}
        policies = [
            {part.strip() for part in one.headers["content-security-policy"].split(";")} for one in (own, direct)
        ]
        assert policies[0] == policies[1]
    assert front.behind.asked == {front.answer: 1}


def test_a_file_is_sent_again_only_when_it_changed(front: Front) -> None:
    first = front.ask(front.file)
    assert first.headers["cache-control"] == "no-cache"
    assert front.ask(front.file, If_None_Match=first.headers["etag"]).status == 304
    publish()
    assert front.ask(front.file, If_None_Match=first.headers["etag"]).status == 304
    storm.call(storm.Charter.current(), "A4-01")
    publish()
    # nginx looks once a second whether another file stands in the place of the one it has open.
    again = _until_changed(front, first.headers["etag"], within=3)
    assert (again.status, b"REPORTED" in again.body) == (200, True)


def _until_changed(front: Front, etag: str, *, within: float) -> nginx.Answered:
    deadline = time.monotonic() + within
    while (found := front.ask(front.file, If_None_Match=etag)).status == 304 and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


OTHERS = (
    "/status/.publisher", "/status/../pii.key", "/status/%2e%2e/pii.key", "/static/../pii.key", "/pii.key", "/static../pii.key",
    "/status/", "/status/heartbeat.json/../../pii.key", "/asleep.html",
)  # fmt: skip


def test_nothing_else_of_the_home_is_served(front: Front) -> None:
    assert {path for path in OTHERS if front.ask(path).status not in {400, 403, 404}} == set()


def together(front: Front, path: str, times: int) -> set[int]:
    begin = threading.Barrier(times)

    def one(_: int) -> int:
        begin.wait(30)
        return front.ask(path).status

    with ThreadPoolExecutor(times) as pool:
        return set(pool.map(one, range(times)))


def test_many_who_ask_the_same_are_one_question_to_the_application(front: Front) -> None:
    assert together(front, front.answer, 100) == {200}
    assert front.behind.asked[front.answer] == 1
    # The application answers every language once, and whatever else stands in the address is nobody's own page.
    assert {front.ask(f"{front.answer}?x={n}").status for n in range(20)} == {200}
    assert front.behind.asked[front.answer] == 1
    assert "Off by a fault" in front.ask(f"{front.answer}?l=en").text
    assert "Off by a fault" in front.ask(front.answer, Accept_Language="en-GB,en;q=0.9").text
    assert front.behind.asked[front.answer] == 2
    time.sleep(KEPT_SECONDS + 1)
    # Kept too long: one goes and asks, the others hear at once what was known.
    assert together(front, front.answer, 100) == {200}
    time.sleep(1)
    assert front.behind.asked[front.answer] == 3


def test_when_the_application_is_dead_what_was_known_is_served_with_its_time(front: Front) -> None:
    assert front.ask("/power/").status == 200
    alive = front.ask(front.answer)
    front.behind.kill()
    time.sleep(KEPT_SECONDS + 1)
    files = [front.ask(path) for path in ("/status/heartbeat.json", front.file, "/status/index.json")]
    kept = front.ask(front.answer)
    assert [one.status for one in (*files, kept)] == [200] * 4
    assert re.search(rb'"made_at":"2026-10-12T13:00:00\+00:00"', files[0].body)
    assert kept.headers["x-cache"] in {"STALE", "UPDATING"}
    assert "故障停电，正在抢修" in kept.text
    assert "2026年10月12日 21:00" in re.sub(r"<[^>]+>", "", kept.text)
    assert 'class="age old"' in kept.text
    assert kept.text == alive.text
    assert front.ask("/power/").status == 200
    assert front.ask("/power/?l=zh").status == 200


def test_when_the_application_is_dead_no_question_ends_in_an_error(front: Front) -> None:
    (other,) = finding.by_number("B1-01")
    front.behind.kill()
    unseen = f"/power/at/{other.feeder}.{other.area}"
    asked = [
        "/power/",
        unseen,
        f"/power/place?q={quote('新华')}",
        front.file,
        "/status/heartbeat.json",
        "/static/dist/power.js",
    ]
    got = {path: front.ask(path) for path in asked}
    assert {path: one.status for path, one in got.items()} == dict.fromkeys(asked, 200)
    assert 'data-index="index.json"' in got[unseen].text
    found = front.ask("/power/find", method="POST", body="q=A1-01")
    assert (found.status, found.headers["location"].endswith("/power/?l=zh-hans")) == (303, True)


def test_numbers_are_kept_nowhere(front: Front) -> None:
    for asked in ("A1-01", "13812345678"):
        assert front.ask("/power/find", method="POST", body=f"q={asked}").status == 303
    assert front.ask("/power/place?q=secretvillage").status == 200
    time.sleep(6)  # the log is flushed every five seconds
    log = (front.folder / "wandeng.log").read_text()
    assert "POST /power/find" in log
    kept = "".join(
        path.read_bytes().decode(errors="replace") for path in (front.folder / "cache").rglob("*") if path.is_file()
    )
    assert not re.search("A1-01|13812345678|secretvillage", log)
    assert not re.search("A1-01|13812345678", kept)


def test_whoever_looks_up_all_the_time_waits_and_files_are_not_limited(front: Front) -> None:
    got = [front.ask("/power/find", method="POST", body="q=B1-01").status for _ in range(80)]
    assert set(got) == {303, 429}
    assert got.count(303) >= 40
    assert {front.ask("/status/heartbeat.json").status for _ in range(300)} == {200}
