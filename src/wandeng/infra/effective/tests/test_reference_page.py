"""The reference page names every topic with all its keys, so that it cannot fall behind the schemas."""

import re

import pytest

from wandeng.infra.effective.roots import default_root
from wandeng.infra.effective.topics import TOPICS
from wandeng.infra.effective.values import TopicModel

PAGE = default_root().parent / "docs" / "reference" / "rules.md"


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_the_page_lists_the_topic_and_exactly_its_keys(topic):
    row = re.search(rf"^\| `{topic}` \| (.+?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert row is not None
    own = set(TOPICS[topic].model_fields) - set(TopicModel.model_fields)
    assert set(re.findall(r"`(\w+)`", row[1])) == own


def test_the_page_lists_no_topic_that_does_not_exist():
    text = PAGE.read_text(encoding="utf-8")
    section = text[text.index("## Topics") : text.index("## Territories")]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == set(TOPICS)
