"""What is left in Chinese on an English page: every text and attribute that is not marked as Chinese, or as mixed."""

from __future__ import annotations

import re
from html.parser import HTMLParser

CHINESE = re.compile(r".{0,30}[\u3400-\u9fff，。：；、（）？！《》].{0,30}")
OWN_NAMES = ("简体中文", "中文", "万灯")
"""Said alike in every language: a language is offered in its own words."""
MARKED = ("zh", "mul")
"""Languages of what is Chinese by design: sources as they were published, words to customers, cells of files."""
ALONE = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
UNREAD = frozenset({"value", "href", "data-value"})
"""Attributes that nobody reads."""


class _Page(HTMLParser):
    """Walks a page with the language of where it is."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = [("", "en")]
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        language = given.get("lang") or self.open[-1][1]
        if tag == "style" or (tag == "script" and given.get("type") != "application/json"):
            language = "mul"
        for name, value in given.items():
            if name not in UNREAD or (name == "value" and given.get("type") in ("submit", "button")):
                self._look(value or "", language)
        if tag not in ALONE:
            self.open.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.open) - 1, 0, -1):
            if self.open[place][0] == tag:
                del self.open[place:]
                return

    def handle_data(self, data: str) -> None:
        self._look(data, self.open[-1][1])

    def _look(self, text: str, language: str) -> None:
        if not language.startswith(MARKED):
            for name in OWN_NAMES:
                text = text.replace(name, "")
            self.found += CHINESE.findall(text)


def left(page: str) -> list[str]:
    """Chinese of a page outside scripts, names of languages, and what is marked.

    >>> left('<p title="a">户号</p><script>中</script><a>简体中文</a><q lang="zh">办法<b lang="en">号</b></q>')
    ['户号', '号']
    """
    parser = _Page()
    parser.feed(page)
    return parser.found
