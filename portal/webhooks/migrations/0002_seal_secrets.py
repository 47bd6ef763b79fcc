from django.db import migrations, models

import portal.core.sealed
import portal.webhooks.models
from portal.core.sealed import seal, unseal

SECRETS = ("secret", "old_secret")


def seal_all(apps, schema_editor):
    _write_anew(apps, seal)


def unseal_all(apps, schema_editor):
    _write_anew(apps, lambda sealed: unseal(sealed) or "")


def _write_anew(apps, write):
    for webhook in apps.get_model("webhooks", "Webhook").objects.all():
        for name in SECRETS:
            if text := getattr(webhook, name):
                setattr(webhook, name, write(text))
        webhook.save(update_fields=SECRETS)


class Migration(migrations.Migration):
    """Encrypt the secrets there are: as plain text first, so that the models of both sides see what is stored."""

    dependencies = [("webhooks", "0001_initial")]

    operations = [
        migrations.AlterField("webhook", "secret", models.TextField(default=portal.webhooks.models.new_secret, editable=False)),
        migrations.AlterField("webhook", "old_secret", models.TextField(blank=True, editable=False)),
        migrations.RunPython(seal_all, unseal_all),
        migrations.AlterField(
            "webhook",
            "secret",
            portal.core.sealed.SealedField(default=portal.webhooks.models.new_secret, editable=False),
        ),
        migrations.AlterField("webhook", "old_secret", portal.core.sealed.SealedField(blank=True, editable=False)),
    ]
