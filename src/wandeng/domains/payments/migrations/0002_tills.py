"""Tills, their sessions and receipts, and the triggers that keep a closed session as it was."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from wandeng.domains.payments import till_guards


def install(apps, schema_editor):
    till_guards.install(schema_editor.connection)


def remove(apps, schema_editor):
    till_guards.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("organization", "0003_settings"),
        ("payments", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Till",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=32, unique=True)),
                ("name", models.CharField(max_length=64)),
                ("kind", models.CharField(default="COUNTER", max_length=16)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TillSession",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=64, unique=True)),
                ("cashier", models.CharField(help_text="工号 of the person who holds the cash", max_length=64)),
                ("business_on", models.DateField()),
                ("is_offline", models.BooleanField(default=False)),
                ("state", models.CharField(default="OPEN", max_length=16)),
                ("opened_at", models.DateTimeField()),
                ("float_fen", models.BigIntegerField(default=0)),
                (
                    "control_fen",
                    models.BigIntegerField(
                        help_text="what the device says it took; null for a session at a desk", null=True
                    ),
                ),
                (
                    "expected_fen",
                    models.BigIntegerField(default=0, help_text="cash that should be in the drawer, float included"),
                ),
                (
                    "counted_fen",
                    models.BigIntegerField(default=0, help_text="cash that is in the drawer, float included"),
                ),
                ("deposit_fen", models.BigIntegerField(default=0, help_text="缴存: what goes to the bank")),
                ("deposit_number", models.CharField(blank=True, help_text="缴款单号", max_length=64)),
                ("counted_by", models.CharField(blank=True, max_length=64)),
                ("counted_at", models.DateTimeField(null=True)),
                (
                    "difference_reason",
                    models.CharField(blank=True, help_text="why the count differs from the books", max_length=500),
                ),
                ("confirmed_by", models.CharField(blank=True, max_length=64)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "till",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sessions", to="payments.till"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TillReceipt",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=64, unique=True)),
                ("year", models.SmallIntegerField()),
                ("sequence", models.IntegerField()),
                (
                    "slip",
                    models.CharField(
                        blank=True, help_text="number the device printed, for one taken offline", max_length=64
                    ),
                ),
                ("tendered_fen", models.BigIntegerField(default=0, help_text="what the customer handed over")),
                ("change_fen", models.BigIntegerField(default=0)),
                ("owed_after_fen", models.BigIntegerField(default=0)),
                ("issued_at", models.DateTimeField()),
                (
                    "payment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="till_receipt", to="payments.payment"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="receipts", to="payments.tillsession"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TenderCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tender", models.CharField(max_length=16)),
                ("receipts", models.IntegerField()),
                ("expected_fen", models.BigIntegerField()),
                ("counted_fen", models.BigIntegerField()),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tenders", to="payments.tillsession"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DenominationCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("face_fen", models.IntegerField()),
                ("pieces", models.IntegerField()),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="denominations",
                        to="payments.tillsession",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReceiptSeries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.SmallIntegerField()),
                ("last", models.IntegerField(default=0)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "receipt series",
                "constraints": [models.UniqueConstraint(fields=("unit", "year"), name="receipt_series_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="till",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["COUNTER", "VEHICLE", "VILLAGE"])), name="till_kind_known"
            ),
        ),
        migrations.AddIndex(
            model_name="tillsession",
            index=models.Index(fields=["till", "-business_on"], name="till_session_by_day"),
        ),
        migrations.AddConstraint(
            model_name="tillsession",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["OPEN", "COUNTED", "CLOSED"])), name="till_session_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="tillsession",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_offline", False), ("state__in", ("OPEN", "COUNTED"))),
                fields=("till",),
                name="till_session_one_per_till",
            ),
        ),
        migrations.AddConstraint(
            model_name="tillsession",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_offline", False), ("state__in", ("OPEN", "COUNTED"))),
                fields=("cashier",),
                name="till_session_one_per_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="tillsession",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_offline", True)),
                fields=("till", "business_on"),
                name="till_session_one_offline_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="tillsession",
            constraint=models.CheckConstraint(
                condition=models.Q(("float_fen__gte", 0)), name="till_session_float_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="tillsession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "CLOSED"), _negated=True), ("closed_at__isnull", False), _connector="OR"
                ),
                name="till_session_closed_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="tillsession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "CLOSED"), _negated=True),
                    ("counted_fen", models.F("expected_fen")),
                    models.Q(("confirmed_by", ""), _negated=True),
                    _connector="OR",
                ),
                name="till_session_difference_confirmed",
            ),
        ),
        migrations.AddConstraint(
            model_name="tillsession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by", ""),
                    models.Q(("confirmed_by", models.F("counted_by")), _negated=True),
                    _connector="OR",
                ),
                name="till_session_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="tillsession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "CLOSED"), _negated=True),
                    (
                        "deposit_fen",
                        django.db.models.expressions.CombinedExpression(
                            models.F("counted_fen"), "-", models.F("float_fen")
                        ),
                    ),
                    _connector="OR",
                ),
                name="till_session_all_deposited",
            ),
        ),
        migrations.AddConstraint(
            model_name="tillreceipt",
            constraint=models.CheckConstraint(
                condition=models.Q(("change_fen__gte", 0)), name="till_receipt_change_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="tillreceipt",
            constraint=models.UniqueConstraint(fields=("unit", "year", "sequence"), name="till_receipt_number_once"),
        ),
        migrations.AddConstraint(
            model_name="tendercount",
            constraint=models.UniqueConstraint(fields=("session", "tender"), name="tender_count_once"),
        ),
        migrations.AddConstraint(
            model_name="denominationcount",
            constraint=models.UniqueConstraint(fields=("session", "face_fen"), name="denomination_count_once"),
        ),
        migrations.AddConstraint(
            model_name="denominationcount",
            constraint=models.CheckConstraint(
                condition=models.Q(("face_fen__gt", 0), ("pieces__gt", 0)), name="denomination_count_positive"
            ),
        ),
        migrations.RunPython(install, remove),
    ]
