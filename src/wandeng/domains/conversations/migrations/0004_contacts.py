"""What each turn was about, and when its words were emptied."""

import django.db.models.deletion
from django.db import migrations, models


def fill(apps, schema_editor):
    """Until now a conversation knew one account and one case: its turns were about them."""
    Turn = apps.get_model("conversations", "Turn")
    Conversation = apps.get_model("conversations", "Conversation")
    of = Conversation.objects.filter(pk=models.OuterRef("conversation_id"))
    Turn.objects.update(account_id=models.Subquery(of.values("account_id")[:1]))
    told = Turn.objects.exclude(conversation__case_number="")
    for number, turn in told.values_list("conversation__case_number", "pk"):
        Turn.objects.filter(pk=turn).update(case_number=number)


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0003_outcome'),
        ('customers', '0002_agreed_late_fee'),
    ]

    operations = [
        migrations.AddField(
            model_name='turn',
            name='account',
            field=models.ForeignKey(help_text='spoken of in it', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.customeraccount'),
        ),
        migrations.AddField(
            model_name='turn',
            name='case_number',
            field=models.CharField(blank=True, db_default='', help_text='case that it opened or was about', max_length=32),
        ),
        migrations.AddField(
            model_name='turn',
            name='emptied_at',
            field=models.DateTimeField(help_text='when its words were emptied, their time being over', null=True),
        ),
        migrations.AddIndex(
            model_name='turn',
            index=models.Index(condition=models.Q(('case_number', ''), _negated=True), fields=['case_number'], name='turn_of_case'),
        ),
        migrations.AddIndex(
            model_name='turn',
            index=models.Index(condition=models.Q(('emptied_at__isnull', True)), fields=['at'], name='turn_with_words'),
        ),
        # Last: PostgreSQL alters no table whose rows were changed in the same transaction.
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
