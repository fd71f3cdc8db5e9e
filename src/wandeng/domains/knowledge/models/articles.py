"""What staff look up and say: articles with their versions, where they belong, how often they helped."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

KINDS = ("ARTICLE", "SCRIPT", "SHEET", "PHRASE")


class Article(models.Model):
    """Article 知识: something staff look up, under a code of its own; its texts stand in versions.

    ARTICLE 知识, SCRIPT 话术 (what is said), SHEET 一次告知单 (what the customer must bring), PHRASE 短语 (a text put into a
    form by its ``shortcut``). ``owner`` answers what readers remark; empty: the product's own.
    """

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=48, unique=True)
    kind = models.CharField(max_length=8)
    shortcut = models.CharField(max_length=16, blank=True, help_text="letters that stand for a phrase")
    owner = models.CharField(max_length=64, blank=True)
    is_default = models.BooleanField(default=False, help_text="came with the product")
    closed_on = models.DateField(null=True, help_text="the first day on which it is no longer used")
    used = models.IntegerField(default=0, help_text="how often it was used altogether: the sum of its days")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="article_kind_known"),
            models.CheckConstraint(condition=Q(shortcut="") | Q(kind="PHRASE"), name="article_shortcut_of_phrase"),
            models.UniqueConstraint(fields=["shortcut"], condition=~Q(shortcut=""), name="article_shortcut_once"),
        ]


class ArticleVersion(models.Model):
    """Article version 知识版本: a text from a day on, drafted by one person, approved by another, then never changed."""

    id = models.BigIntegerField(primary_key=True)
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    number = models.SmallIntegerField()
    state = models.CharField(max_length=16, default="DRAFT")
    valid_from = models.DateField(help_text="the first day it is used; until the next approved one")
    title = models.CharField(max_length=120)
    text = models.TextField(help_text="light markup")
    keywords = models.CharField(max_length=255, blank=True, help_text="words between commas")
    sources = models.TextField(blank=True, help_text="one a line: what rests on it and where it is written")
    text_key = models.TextField(help_text="the text as compared")
    is_default = models.BooleanField(default=False, help_text="the product's own text")
    reason = models.TextField(blank=True)
    drafted_by = models.CharField(max_length=64)
    drafted_at = models.DateTimeField()
    approved_by = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="articleversion_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=["DRAFT", "APPROVED", "WITHDRAWN"]), name="articleversion_state_known"
            ),
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("drafted_by")), name="articleversion_two_persons"
            ),
            models.UniqueConstraint(
                fields=["article", "valid_from"], condition=Q(state="APPROVED"), name="articleversion_once_a_day"
            ),
        ]
        indexes = [models.Index(fields=["state", "valid_from"], name="articleversion_in_force")]


class ArticleKeys(models.Model):
    """Article keys 知识检索词: the short forms a version is found by, apart from its text so that all of them are read at once."""

    version = models.OneToOneField(ArticleVersion, primary_key=True, on_delete=models.PROTECT, related_name="keys")
    title = models.CharField(max_length=120, help_text="the title as texts are compared")
    words = models.TextField(help_text="code, title and keywords as compared, each between bars")
    sounds = models.TextField(help_text="initials and pinyin of title and keywords, each between bars")


class KnowledgeShelf(models.Model):
    """Knowledge shelf 知识架: one row whose mark is another whenever a text begins or ceases to count, so that processes know
    when the texts they hold in memory are no longer those of the database."""

    id = models.BigIntegerField(primary_key=True)
    mark = models.CharField(max_length=16)


class ArticlePlace(models.Model):
    """Article place 适用环节: where a version belongs. An empty process is every one, an empty class or step every one of it."""

    version = models.ForeignKey(ArticleVersion, on_delete=models.PROTECT, related_name="places")
    process = models.CharField(max_length=64, blank=True)
    case_class = models.CharField(max_length=32, blank=True, help_text="first or second level of the classes")
    step = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "process", "case_class", "step"], name="articleplace_once"),
            models.CheckConstraint(
                condition=~Q(process="") | (Q(case_class="") & Q(step="")), name="articleplace_of_a_process"
            ),
        ]
        indexes = [models.Index(fields=["process", "version"], name="articleplace_beside")]


class ArticleUse(models.Model):
    """Article use 使用次数: how often an article was used for a customer on a day."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="uses")
    on = models.DateField()
    count = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "on"], name="articleuse_once_a_day"),
            models.CheckConstraint(condition=Q(count__gt=0), name="articleuse_counts"),
        ]


class ArticleOpinion(models.Model):
    """Article opinion 知识评价: helpful or not, with a remark that the owner answers; the last word of a person counts."""

    id = models.BigIntegerField(primary_key=True)
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="opinions")
    version = models.ForeignKey(ArticleVersion, on_delete=models.PROTECT, related_name="opinions")
    person = models.CharField(max_length=64)
    is_helpful = models.BooleanField()
    remark = models.TextField(blank=True)
    at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=64, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "person"], name="articleopinion_once_a_person"),
            models.CheckConstraint(condition=Q(is_helpful=True) | ~Q(remark=""), name="articleopinion_says_what_lacks"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | ~Q(answer=""), name="articleopinion_answer_has_words"
            ),
        ]
        indexes = [models.Index(fields=["answered_at", "article"], name="articleopinion_open")]
