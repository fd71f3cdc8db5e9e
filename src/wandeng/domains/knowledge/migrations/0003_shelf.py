"""The mark of the texts that processes hold in memory, and how often each article was used altogether."""

from django.db import migrations, models
from django.db.models import Sum


def count(apps, schema_editor):
    uses = apps.get_model("knowledge", "ArticleUse").objects.values("article").annotate(total=Sum("count"))
    article = apps.get_model("knowledge", "Article").objects
    for one in uses:
        article.filter(pk=one["article"]).update(used=one["total"])


def nothing(apps, schema_editor):
    """The column goes with its counts."""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0002_guards")]
    operations = [
        migrations.CreateModel(
            name="KnowledgeShelf",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("mark", models.CharField(max_length=16)),
            ],
        ),
        migrations.AddField(
            model_name="article",
            name="used",
            field=models.IntegerField(
                default=0, help_text="how often it was used altogether: the sum of its days"
            ),
        ),
        migrations.RunPython(count, nothing),
    ]
