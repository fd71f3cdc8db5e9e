"""What posted shards sold, and what the ledger did to the months of bills."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0002_final_bills'),
        ('organization', '0004_unit_closed'),
    ]

    operations = [
        migrations.CreateModel(
            name='MonthMove',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('month_index', models.IntegerField(db_index=True, help_text='of the bills')),
                ('posted_fen', models.BigIntegerField()),
                ('billed_fen', models.BigIntegerField()),
                ('open_fen', models.BigIntegerField()),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit')),
            ],
        ),
        migrations.CreateModel(
            name='ShardPriceSale',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('month_index', models.IntegerField(db_index=True, help_text='of the shard')),
                ('price_code', models.CharField(blank=True, max_length=64)),
                ('energy_ckwh', models.BigIntegerField()),
                ('amount_fen', models.BigIntegerField()),
                ('shard', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='price_sales', to='billing.billshard')),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit')),
            ],
        ),
        migrations.CreateModel(
            name='ShardSale',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('month_index', models.IntegerField(db_index=True, help_text='of the shard')),
                ('customer_class', models.CharField(max_length=16)),
                ('energy_ckwh', models.BigIntegerField()),
                ('amount_fen', models.BigIntegerField()),
                ('fed_ckwh', models.BigIntegerField()),
                ('fed_fen', models.BigIntegerField()),
                ('shard', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sales', to='billing.billshard')),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit')),
            ],
        ),
    ]
