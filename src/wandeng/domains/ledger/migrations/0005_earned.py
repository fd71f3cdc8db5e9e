"""An index of what is earned and bought, so that it is summed without the lines of customers."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0003_contact_assigned'),
        ('ledger', '0004_period_balances'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='entryline',
            index=models.Index(condition=models.Q(models.Q(('ledger_account__gte', 'FUND:'), ('ledger_account__lt', 'FUND;')), models.Q(('ledger_account__gte', 'PURCHASE:'), ('ledger_account__lt', 'PURCHASE;')), models.Q(('ledger_account__gte', 'REVENUE:'), ('ledger_account__lt', 'REVENUE;')), _connector='OR'), fields=['ledger_account', 'entry', 'amount_fen'], name='entryline_earned'),
        ),
    ]
