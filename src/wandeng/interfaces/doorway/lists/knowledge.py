"""Articles, drafts that wait for a second person, what readers said, the register of standards."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, DateFilter

from wandeng.domains.knowledge import queries
from wandeng.interfaces.doorway.lists.definition import Column, Empty, Kind, ListDefinition
from wandeng.interfaces.doorway.lists.filtering import ListFilterSet
from wandeng.interfaces.doorway.words import knowledge as words


class ArticleFilter(ListFilterSet):
    """By title, kind, owner; those in use, or those retired."""

    q = CharFilter(label=_("标题"), field_name="title", lookup_expr="icontains")
    kind = ChoiceFilter(label=_("类型"), choices=list(words.KINDS.items()))
    owner = CharFilter(label=_("责任人"))
    closed = BooleanFilter(label=_("已停用"), field_name="closed_on", lookup_expr="isnull", exclude=True)


class DraftFilter(ListFilterSet):
    """By title, kind and author."""

    q = CharFilter(label=_("标题"), field_name="title", lookup_expr="icontains")
    kind = ChoiceFilter(label=_("类型"), field_name="article__kind", choices=list(words.KINDS.items()))
    author = CharFilter(label=_("拟定人"), field_name="drafted_by")


class OpinionFilter(ListFilterSet):
    """By article, owner, and whether it waits for an answer."""

    q = CharFilter(label=_("知识编码"), field_name="article__code")
    owner = CharFilter(label=_("责任人"), field_name="article__owner")
    helpful = BooleanFilter(label=_("有用"), field_name="is_helpful")
    open = BooleanFilter(label=_("待答复"), field_name="answered_at", lookup_expr="isnull")


class StandardFilter(ListFilterSet):
    """By title, code, kind, status and when the review is due."""

    q = CharFilter(label=_("标准名称"), field_name="title", lookup_expr="icontains")
    code = CharFilter(label=_("标准编号"), lookup_expr="icontains")
    kind = ChoiceFilter(label=_("类别"), choices=list(words.STANDARD_KINDS.items()))
    status = ChoiceFilter(label=_("状态"), choices=list(words.STATUSES.items()))
    unit = CharFilter(label=_("单位编码"), field_name="unit__code")
    due = BooleanFilter(label=_("到期待复审"), field_name="is_due")
    until = DateFilter(label=_("复审日期不晚于"), field_name="review_on", lookup_expr="lte")


ARTICLES = ListDefinition(
    name="articles",
    title=_("知识清单"),
    route="console:knowledge-list",
    rows=lambda asking: queries.article_rows(on=asking.today),
    key="code",
    order=("kind", "code"),
    filters=ArticleFilter,
    columns=(
        Column("title", _("标题"), link="console:knowledge-article", link_by=("code",)),
        Column("kind", _("类型"), Kind.WORD, words=words.KINDS, tones=words.KIND_TONES),
        Column("code", _("编码"), Kind.CODE, link="console:knowledge-article"),
        Column("shortcut", _("快捷码"), Kind.CODE, is_shown=False),
        Column("number", _("现行版本"), Kind.INTEGER),
        Column("valid_from", _("起用"), Kind.DAY),
        Column("owner", _("责任人"), Kind.CODE),
        Column("used", _("使用次数"), Kind.INTEGER),
        Column("helpful", _("有用"), Kind.INTEGER),
        Column("unhelpful", _("没用"), Kind.INTEGER),
        Column("drafts", _("待审批"), Kind.INTEGER),
        Column("is_default", _("系统自带"), Kind.FLAG, is_shown=False),
        Column("closed_on", _("停用"), Kind.DAY, is_shown=False),
    ),
    empty=Empty(
        _("没有符合条件的知识"),
        _("换个条件，或新写一篇；管理员可以安装系统自带的知识。"),
        "console:knowledge-new",
        _("新写一篇"),
    ),
)

DRAFTS = ListDefinition(
    name="article-drafts",
    title=_("知识审批"),
    route="console:knowledge-approvals",
    rows=lambda asking: queries.draft_rows(),
    key="id",
    order=("drafted_at",),
    filters=DraftFilter,
    columns=(
        Column("title", _("标题"), link="console:knowledge-article", link_by=("code",)),
        Column("kind", _("类型"), Kind.WORD, words=words.KINDS, tones=words.KIND_TONES),
        Column("code", _("编码"), Kind.CODE, link="console:knowledge-article"),
        Column("number", _("版本"), Kind.INTEGER),
        Column("valid_from", _("起用"), Kind.DAY),
        Column("drafted_by", _("拟定人"), Kind.CODE),
        Column("drafted_at", _("拟定时间"), Kind.MOMENT),
        Column("reason", _("原因")),
        Column("id", _("版本编号"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("没有待审批的知识"), _("有人拟定新版本后，在这里等另一人审批。")),
)

OPINIONS = ListDefinition(
    name="article-opinions",
    title=_("知识评价"),
    route="console:knowledge-opinions",
    rows=lambda asking: queries.opinion_rows(),
    key="id",
    order=("-id",),
    filters=OpinionFilter,
    columns=(
        Column("title", _("标题"), link="console:knowledge-article", link_by=("code",)),
        Column("is_helpful", _("评价"), Kind.WORD, words=words.HELPFUL, tones=words.HELPFUL_TONES),
        Column("remark", _("说明")),
        Column("person", _("评价人"), Kind.CODE),
        Column("at", _("时间"), Kind.MOMENT),
        Column("owner", _("责任人"), Kind.CODE),
        Column("answer", _("答复")),
        Column("answered_by", _("答复人"), Kind.CODE, is_shown=False),
        Column("answered_at", _("答复时间"), Kind.MOMENT, is_shown=False),
        Column("number", _("版本"), Kind.INTEGER, is_shown=False),
        Column("code", _("编码"), Kind.CODE, is_shown=False),
        Column("id", _("编号"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("还没有评价"), _("读者在知识页面上说“有用”或“没用”，责任人在这里看到并答复。")),
)

STANDARDS = ListDefinition(
    name="standards",
    title=_("标准体系"),
    route="console:knowledge-standards",
    rows=lambda asking: queries.standard_rows(on=asking.today),
    key="code",
    order=("code",),
    filters=StandardFilter,
    columns=(
        Column("code", _("标准编号"), Kind.CODE, is_sortable=True, link="console:knowledge-standard"),
        Column("title", _("标准名称")),
        Column("kind", _("类别"), Kind.WORD, words=words.STANDARD_KINDS),
        Column("unit_name", _("归口单位")),
        Column("post", _("归口岗位")),
        Column("status", _("状态"), Kind.WORD, words=words.STATUSES, tones=words.STATUS_TONES),
        Column("review_on", _("复审日期"), Kind.DAY, is_sortable=True),
        Column("is_due", _("到期待复审"), Kind.FLAG),
        Column("valid_from", _("实施日期"), Kind.DAY, is_shown=False),
        Column("supersedes", _("代替标准"), Kind.CODE, is_shown=False),
        Column("link", _("文本位置"), is_shown=False),
        Column("unit_code", _("单位编码"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("没有符合条件的标准"), _("用“标准体系”模板导入标准清单。"), "console:imports-new", _("导入")),
)
LISTS = (ARTICLES, DRAFTS, OPINIONS, STANDARDS)
