"""Pictures of pages in real Chromium, with what a picture does not show: errors of scripts, content that was blocked,
requests to other machines, pages wider than the screen, and (``--axe``) violations of WCAG 2.2 AA.

    scripts/shots http://127.0.0.1:8000/console/ --as M001 --width 1440,390 --dark --axe
    scripts/shots URL --click "text=筛选" --press Control+k --full

Works on a demonstration (``wandeng demo``): logging in takes one button there. Exits with 1 when something was found.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
HEIGHT = {True: 844, False: 900}
PHONE = 700
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDEST = """() => [...document.querySelectorAll('body *')]
  .filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !e.closest('.wd-scroll'))
  .slice(0, 5).map((e) => e.tagName.toLowerCase() + '.' + String(e.className).replaceAll(' ', '.'))"""


@dataclass
class Found:
    """What was seen on one page."""

    problems: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def watch(self, page: Page, host: str) -> None:
        page.on("console", lambda said: self._said(said.type, said.text))
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("request", lambda request: self._asked(request.url, host))
        page.on("response", lambda answer: self._answered(answer.status, answer.url))

    def _said(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and "Failed to load resource" not in text:
            self.problems.append(f"console {kind}: {text}")

    def _asked(self, url: str, host: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"data", "blob", "about"} and parts.netloc != host:
            self.problems.append(f"request to another machine: {url}")

    def _answered(self, status: int, url: str) -> None:
        if status >= 400:
            self.problems.append(f"answer {status}: {url}")


def main() -> int:
    """Take the pictures; 1 when a page has a problem."""
    asked = _arguments()
    out = Path(asked.out)
    out.mkdir(parents=True, exist_ok=True)
    bad = 0
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for context, label in _contexts(browser, asked):
            for url in asked.urls:
                bad += _shoot(context, url, label, out, asked)
            context.close()
        browser.close()
    return 1 if bad else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("urls", nargs="+", metavar="URL")
    parser.add_argument("--as", dest="person", default="", metavar="CODE", help="log in as this account of the demo")
    parser.add_argument("--width", default="1440,390", help="widths with commas between")
    parser.add_argument("--dark", action="store_true", help="the dark theme (as well, with --light)")
    parser.add_argument("--light", action="store_true", help="the light theme (the default)")
    parser.add_argument("--language", default="", help="en for English")
    parser.add_argument("--click", action="append", default=[], metavar="SELECTOR", help="click before the picture")
    parser.add_argument("--press", action="append", default=[], metavar="KEYS", help="press before the picture")
    parser.add_argument("--fill", action="append", default=[], metavar="SELECTOR=TEXT", help="type before the picture")
    parser.add_argument("--full", action="store_true", help="the whole page, not one screen")
    parser.add_argument("--axe", action="store_true", help="look for violations of WCAG 2.2 AA")
    parser.add_argument("--out", default="var/shots", help="folder of the pictures")
    return parser.parse_args()


def _contexts(browser: Browser, asked: argparse.Namespace) -> Iterator[tuple[BrowserContext, str]]:
    themes = [theme for theme in ("light", "dark") if getattr(asked, theme)] or ["light"]
    for width in (int(part) for part in asked.width.split(",")):
        for theme in themes:
            context = browser.new_context(
                viewport={"width": width, "height": HEIGHT[width < PHONE]},
                color_scheme=theme,  # type: ignore[arg-type]
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
                has_touch=width < PHONE,
            )
            if asked.language:
                host = urlsplit(asked.urls[0]).hostname
                context.add_cookies([{"name": "wd_language", "value": asked.language, "domain": host, "path": "/"}])
            if asked.person:
                _log_in(context, asked.urls[0], asked.person)
            yield context, f"{width}-{theme}"


def _log_in(context: BrowserContext, url: str, person: str) -> None:
    parts = urlsplit(url)
    page = context.new_page()
    page.goto(f"{parts.scheme}://{parts.netloc}/console/login/")
    page.locator(f"button[name=demo][value='{person}']").click()
    page.wait_for_load_state()
    if "/login/" in page.url:
        sys.exit(f"cannot log in as {person}: is this a demonstration, and is that one of its accounts?")
    page.close()


def _shoot(context: BrowserContext, url: str, label: str, out: Path, asked: argparse.Namespace) -> int:
    found = Found()
    page = context.new_page()
    found.watch(page, urlsplit(url).netloc)
    page.goto(url)
    page.wait_for_load_state("networkidle")
    for pair in asked.fill:
        selector, _, text = pair.rpartition("=")
        page.locator(selector).first.fill(text)
    for selector in asked.click:
        page.locator(selector).first.click()
    for keys in asked.press:
        page.keyboard.press(keys)
    page.wait_for_timeout(450)
    if (over := page.evaluate(WIDE)) > 0:
        found.problems.append(f"wider than the screen by {over} px: {', '.join(page.evaluate(WIDEST))}")
    if asked.axe:
        found.problems += _violations(page)
    name = re.sub(r"[^A-Za-z0-9]+", "-", urlsplit(url).path + urlsplit(url).query).strip("-") or "root"
    picture = out / f"{name}-{label}.png"
    page.screenshot(path=picture, full_page=asked.full)
    print(picture)
    for problem in found.problems:
        print(f"  ! {problem}")
    page.close()
    return len(found.problems)


def _violations(page: Page) -> Iterator[str]:
    for violation in Axe().run(page, options=RULES).response["violations"]:
        for node in violation["nodes"][:6]:
            why = node["failureSummary"].replace("\n", " ")
            yield f"axe {violation['id']}: {' '.join(map(str, node['target']))} ({why[:220]})"


if __name__ == "__main__":
    sys.exit(main())
