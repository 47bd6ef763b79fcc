from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class EditingConfig(AppConfig):
    name = "portal.editing"
    label = "editing"
    verbose_name = "Editing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.accounts import regular_mail
        from portal.catalogue.previews import add_preview_mode
        from portal.editing import digests, policies, trail
        from portal.editing.brief_preview import show_way_to_brief

        policies.register()
        trail.listen()
        regular_mail.register(digests.MAIL)
        add_preview_mode("brief", "Two-page brief (PDF)", show_way_to_brief)
        post_migrate.connect(_make_workflow, sender=self, dispatch_uid="editing-workflow")


def _make_workflow(**signal: Any) -> None:
    from portal.editing.workflow import make_workflow

    make_workflow()
