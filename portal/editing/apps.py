from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class EditingConfig(AppConfig):
    name = "portal.editing"
    label = "editing"
    verbose_name = "Editing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.editing import policies, trail

        policies.register()
        trail.listen()
        post_migrate.connect(_make_workflow, sender=self, dispatch_uid="editing-workflow")


def _make_workflow(**signal: Any) -> None:
    from portal.editing.workflow import make_workflow

    make_workflow()
