from django.apps import AppConfig


class InnovationsConfig(AppConfig):
    name = "innovations"
    label = "innovations"
    verbose_name = "Innovations"
    default_auto_field = "django.db.models.BigAutoField"
