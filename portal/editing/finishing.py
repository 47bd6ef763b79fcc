"""What the workflow's end does. Apart from the services because Wagtail reads it while it is itself being imported."""

from typing import Any


def finish_workflow(workflow_state: Any, user: Any = None) -> None:
    """Publish what the last step approved: WAGTAIL_FINISH_WORKFLOW_ACTION."""
    from portal.editing.services import publish_approved

    publish_approved(workflow_state, by=user)
