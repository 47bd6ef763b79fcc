from django.apps import AppConfig


class BriefingsConfig(AppConfig):
    name = "portal.briefings"
    label = "briefings"
    verbose_name = "Briefing packs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from portal.accounts import regular_mail
        from portal.briefings import news, visitors
        from portal.briefings.brief.views import show_brief, show_brief_of_draft
        from portal.briefings.personal import hold_personal
        from portal.catalogue.briefs import show_briefs_with

        hold_personal()
        regular_mail.register(news.MAIL)
        show_briefs_with(published=show_brief, draft=show_brief_of_draft)
        user_logged_in.connect(visitors.take_along, dispatch_uid="packs-taken-along")
