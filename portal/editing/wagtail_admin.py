"""Wagtail's admin without its e-mails, and with a true word about two people at one draft.

It would send its mails inside the request, one for each step: who waits for whom is on the start
page and in the weekly digest, which the worker sends.
"""

from wagtail.admin.apps import WagtailAdminAppConfig


class NotAsWagtailNamesIt(RuntimeError):
    """Wagtail has another name for one of its mails: a mail would be sent that nobody means to send."""


class AdminWithoutMail(WagtailAdminAppConfig):
    def ready(self) -> None:
        super().ready()
        from wagtail import signals
        from wagtail.admin.ui.editing_sessions import EditingSessionsList
        from wagtail.models import TaskState, WorkflowState

        EditingSessionsList.template_name = "editing/sessions.html"
        mails = (
            (signals.task_submitted, TaskState, "group_approval_task_submitted_email_notification"),
            (signals.workflow_submitted, WorkflowState, "workflow_state_submitted_email_notification"),
            (signals.workflow_rejected, WorkflowState, "workflow_state_rejected_email_notification"),
            (signals.workflow_approved, WorkflowState, "workflow_state_approved_email_notification"),
        )
        for signal, sender, name in mails:
            if not signal.disconnect(sender=sender, dispatch_uid=name):
                raise NotAsWagtailNamesIt(name)
