"""Finding articles by words, initials and pinyin while somebody waits on the telephone; beside it ``icontains`` of Django.

``python benchmarks/knowledge_search.py [ARTICLES]``. The database is a new SQLite file in a temporary home, or the empty
PostgreSQL database that ``WANDENG_DATABASE_URL`` names (``scripts/with-postgres python benchmarks/knowledge_search.py``).

Ours is the whole answer: what is in force, ranked, with the piece of the text and the counts of each (``queries.search``).
The baseline looks for the text in title, keywords and text with one ORM query, those with it in the title first; it knows no initials and no
pinyin, so it is asked the Chinese words only, and both must find the same number of articles where fewer fit than are shown.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime

SHOWN, ROUNDS, CHARACTERS = 20, 15, 900
NOW, TODAY = datetime(2026, 11, 1, tzinfo=UTC), date(2026, 11, 1)
SUBJECTS = [
    "电价",
    "电费",
    "报装",
    "过户",
    "抢修",
    "停电",
    "复电",
    "计量",
    "校表",
    "投诉",
    "举报",
    "违约",
    "窃电",
    "分时",
    "阶梯",
    "力调",
    "需量",
    "充值",
    "发票",
    "合同",
]
ACTIONS = ["办理", "查询", "受理", "答复", "审批", "核查", "退补", "告知", "解释", "回访", "登记", "归档"]
PLACES = ["居民", "低压", "高压", "农村", "城区", "园区", "学校", "医院", "商铺", "工厂"]
CHINESE = ("阶梯电价", "居民报装办理", "电费 退补", "复电", "抢修知识0042", "没有这个词")
LATIN = ("jtdj", "baozhuang", "jmbzbl", "tingdian")


def main() -> None:
    articles = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    with tempfile.TemporaryDirectory(prefix="wandeng-bench-") as home:
        os.environ["WANDENG_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "wandeng.config.settings"
        import django

        django.setup()
        print(json.dumps(measure(articles), indent=2, ensure_ascii=False))


def fill(articles: int) -> None:
    """Articles as long as real ones, out of the words of the trade, one in ten with an older version."""
    from wandeng.domains.knowledge import keys, shelf
    from wandeng.domains.knowledge.models import Article, ArticleKeys, ArticleVersion

    draw = random.Random(11)
    rows, versions, short = [], [], []
    for number in range(1, articles + 1):
        title = f"{draw.choice(PLACES)}{draw.choice(SUBJECTS)}{draw.choice(ACTIONS)}{number:04d}"
        words = [draw.choice(SUBJECTS) + draw.choice(ACTIONS) for _ in range(CHARACTERS // 4)]
        text = "。".join("".join(words[start : start + 5]) for start in range(0, len(words), 5))
        if number == 42:
            title, text = "抢修知识0042", text + "阶梯电价"
        rows.append(Article(id=number, code=f"a{number}", kind="ARTICLE"))
        found = keys.keys_of(f"a{number}", "", title, (), text)
        for version in range(1, 3 if number % 10 == 0 else 2):
            versions.append(
                ArticleVersion(
                    id=number * 2 + version, article_id=number, number=version, state="APPROVED", title=title, text=text,
                    valid_from=date(2024, version, 1), keywords="", text_key=found.text, drafted_by="one", drafted_at=NOW, approved_by="two",
                    approved_at=NOW,
                )
            )  # fmt: skip
            short.append(
                ArticleKeys(version_id=versions[-1].pk, title=found.title, words=found.words, sounds=found.sounds)
            )
    Article.objects.bulk_create(rows, batch_size=2_000)
    ArticleVersion.objects.bulk_create(versions, batch_size=500)
    ArticleKeys.objects.bulk_create(short, batch_size=2_000)
    shelf.changed()


def measure(articles: int) -> dict[str, object]:
    from django.core.management import call_command
    from django.db import connection

    from wandeng.domains.knowledge import queries

    call_command("migrate", verbosity=0, interactive=False)
    fill(articles)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    answers = {}
    for asked in (*CHINESE, *LATIN):
        ours, found = timed(lambda asked=asked: list(queries.search(asked, on=TODAY, limit=SHOWN)))
        answers[asked] = {"ours_ms": ours, "found": len(found)}
        if asked in CHINESE:
            theirs, plain = timed(lambda asked=asked: baseline(asked))
            answers[asked] |= {"baseline_ms": theirs, "ratio": round(theirs["median"] / ours["median"], 2)}
            answers[asked]["agree"] = len(found) == len(plain)
    slowest = max(one["ours_ms"]["worst"] for one in answers.values())
    return {
        "articles": articles,
        "characters_each": CHARACTERS,
        "database": connection.vendor,
        "slowest_ms": slowest,
        "within_100_ms": slowest <= 100,
        "agree": all(one.get("agree", True) for one in answers.values()),
        "answers": answers,
    }


def baseline(asked: str) -> list[tuple[str, str]]:
    """The Django way: every word in title, keywords or text; versions that are in force picked by a subquery."""
    from django.db.models import Case, IntegerField, OuterRef, Q, Subquery, Value, When

    from wandeng.domains.knowledge.models import ArticleVersion

    held = ArticleVersion.objects.filter(article=OuterRef("article"), state="APPROVED", valid_from__lte=TODAY)
    rows = ArticleVersion.objects.filter(pk=Subquery(held.order_by("-valid_from").values("pk")[:1]))
    for word in asked.split():
        rows = rows.filter(Q(title__icontains=word) | Q(keywords__icontains=word) | Q(text__icontains=word))
    in_title = Q(title__icontains=asked.split()[0])
    ranked = rows.annotate(rank=Case(When(in_title, then=Value(0)), default=Value(1), output_field=IntegerField()))
    return list(ranked.order_by("rank", "id").values_list("title", "text")[:SHOWN])


def timed(ask: Callable[[], list[object]]) -> tuple[dict[str, float], list[object]]:
    """Median and worst of the rounds in milliseconds, after one that warms up; and the answer."""
    found = ask()
    spent = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - begun) * 1_000)
    return {"median": round(statistics.median(spent), 1), "worst": round(max(spent), 1)}, found


if __name__ == "__main__":
    main()
