from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    name = "portal.benefits"
    label = "benefits"
    verbose_name = "Benefits"
    default_auto_field = "django.db.models.BigAutoField"
