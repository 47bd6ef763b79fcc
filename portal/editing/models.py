"""The steps that a draft takes before readers see it."""

from typing import Any

from django.db import models
from wagtail.models import Task, TaskState

from portal.accounts.permissions import Action, may, networks_where
from portal.catalogue.models import Entry


class ReviewTask(Task):
    """One step of the workflow: the network's review, or the publication by a publisher.

    Who may take it is the permission function's answer; whoever submitted the draft never may.
    """

    class Step(models.TextChoices):
        REVIEW = "review", "Network's review"
        PUBLICATION = "publication", "Publication"

    step = models.CharField(max_length=12, choices=Step, unique=True)

    ACTION_OF_STEP = {Step.REVIEW: Action.REVIEW, Step.PUBLICATION: Action.PUBLISH}

    class Meta:
        verbose_name = "review"
        verbose_name_plural = "reviews"

    @property
    def action(self) -> Action:
        return self.ACTION_OF_STEP[self.Step(self.step)]

    def user_can_lock(self, obj: Entry, user: Any) -> bool:
        return may(user, Action.LOCK, obj)

    def user_can_unlock(self, obj: Entry, user: Any) -> bool:
        return may(user, Action.LOCK, obj)

    def locked_for_user(self, obj: Entry, user: Any) -> bool:
        """While a draft waits, only those who may take the step change it: what is read is what is approved."""
        return not may(user, self.action, obj)

    def get_actions(self, obj: Entry, user: Any) -> list[tuple[str, str, bool]]:
        """Offer nothing in Wagtail's own menu: the review page shows the comparison before it asks."""
        return []

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> models.QuerySet[TaskState]:
        waiting = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS).exclude(
            workflow_state__requested_by=user
        )
        networks = networks_where(user, [self.action])
        if None in networks:
            return waiting
        owned = Entry.objects.filter(owner_network__in=networks).values_list("pk", flat=True)
        return waiting.filter(workflow_state__object_id__in=[str(pk) for pk in owned])

    @classmethod
    def get_description(cls) -> str:
        return "Those whose role allows it approve the draft or send it back. Nobody approves what they submitted."
