from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("conversations", "0002_calls")]

    operations = [
        migrations.RemoveConstraint(model_name="turn", name="turn_state_known"),
        migrations.RemoveConstraint(model_name="turn", name="turn_done_has_time"),
        migrations.RenameField(model_name="turn", old_name="state", new_name="outcome"),
        migrations.AlterField(
            model_name="turn",
            name="outcome",
            field=models.CharField(
                help_text="PENDING until it was acted on, or handed to the gateway", max_length=12
            ),
        ),
        migrations.AddConstraint(
            model_name="turn",
            constraint=models.CheckConstraint(
                condition=Q(outcome__in=["PENDING", "ANSWERED", "IGNORED", "SENT", "UNKNOWN", "REFUSED"]),
                name="turn_outcome_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="turn",
            constraint=models.CheckConstraint(
                condition=Q(outcome="PENDING") | Q(done_at__isnull=False), name="turn_done_has_time"
            ),
        ),
    ]
