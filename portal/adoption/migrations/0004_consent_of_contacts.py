"""Contacts have their consent with them. Those there are have none on record: they are kept for 90 days without it."""

from datetime import timedelta

from django.db import migrations, models
from django.db.models.functions import Cast, Now
from django.utils import timezone


def in_ninety_days():
    return timezone.localdate() + timedelta(days=90)


class Migration(migrations.Migration):
    dependencies = [("adoption", "0003_keeping_true")]

    operations = [
        migrations.CreateModel(
            name="ForgottenAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=64, unique=True)),
                ("on", models.DateField()),
            ],
        ),
        migrations.AddField(
            "contact",
            "consent_by",
            models.CharField(blank=True, help_text="The role of whoever agreed, never a name.", max_length=120, default="", db_default=""),
            preserve_default=False,
        ),
        migrations.AddField("contact", "consent_on", models.DateField(blank=True, null=True)),
        migrations.AddField(
            "contact",
            "consent_for",
            models.CharField(
                blank=True,
                choices=[
                    ("adoption", "To be asked by e-mail whether what the organisation uses is still in use")
                ],
                max_length=16,
                default="",
                db_default="",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "contact",
            "kept_until",
            models.DateField(
                db_index=True,
                default=in_ninety_days,
                db_default=Cast(Now(), models.DateField()),
                help_text="Deleted after this day, unless consent is given anew.",
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "contact",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("consent_by", ""), ("consent_for", ""), ("consent_on", None)),
                    models.Q(
                        models.Q(("consent_by", ""), _negated=True),
                        ("consent_on__isnull", False),
                        models.Q(("consent_for", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="contact_consent_whole",
                violation_error_message="Say who agreed, when, and to what.",
            ),
        ),
    ]
