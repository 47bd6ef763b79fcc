from django.apps import AppConfig


class BriefingsConfig(AppConfig):
    name = "portal.briefings"
    label = "briefings"
    verbose_name = "Briefing packs"
    default_auto_field = "django.db.models.BigAutoField"
