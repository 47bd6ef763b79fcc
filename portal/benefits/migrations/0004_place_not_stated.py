import django.db.models
from django.db import migrations, models


def say_so(apps, schema_editor):
    """Figures without a place had it left out on purpose: their files say "not stated"."""
    apps.get_model("benefits", "BenefitFigure").objects.filter(place__isnull=True).update(place_not_stated=True)


class Migration(migrations.Migration):
    dependencies = [("benefits", "0003_ledger")]

    operations = [
        migrations.AddField(
            model_name="benefitfigure",
            name="place_not_stated",
            field=models.BooleanField(
                default=False,
                help_text="The source doesn't say where. The figure is shown, and stays out of totals.",
            ),
        ),
        migrations.RunPython(say_so, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="benefitfigure",
            constraint=models.CheckConstraint(
                condition=django.db.models.Q(place_not_stated=False) | django.db.models.Q(place__isnull=True),
                name="benefit_figure_place_or_not_stated",
                violation_error_message="Choose a place, or say that it is not stated; not both.",
            ),
        ),
    ]
