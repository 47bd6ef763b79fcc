import django.utils.timezone
from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0004_requests_of_imports"),
    ]

    operations = [
        migrations.AddField(
            model_name="importbatch",
            name="waits_since",
            field=models.DateTimeField(
                db_default=Now(),
                default=django.utils.timezone.now,
                help_text="When the step that is next was asked for.",
            ),
        ),
    ]
