from django.apps import AppConfig


class AdoptionConfig(AppConfig):
    name = "portal.adoption"
    label = "adoption"
    verbose_name = "Adoption"
    default_auto_field = "django.db.models.BigAutoField"
