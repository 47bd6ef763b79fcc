"""Briefing packs in each of their states."""

import uuid
from datetime import date, timedelta
from typing import Any

import factory
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from portal.briefings.models import BriefingPack, PackEntry
from portal.briefings.options import PackOptions
from tests.factories.innovations import InnovationFactory

SMALLEST_CONTENT = {
    "title": "Options",
    "purpose": "For information",
    "as_at": "2026-01-31",
    "as_at_text": "31 January 2026",
    "site_name": "Portal",
    "site_address": "http://localhost:8000",
    "entries": [],
    "references": [],
}


class BriefingPackFactory(DjangoModelFactory[BriefingPack]):
    """A queued pack without entries. `running`, `ready`, `failed` or `expired` make it so; `abandoned` ran out."""

    class Meta:
        model = BriefingPack

    class Params:
        running = factory.Trait(
            state=BriefingPack.State.RUNNING,
            attempts=1,
            lease=factory.LazyFunction(uuid.uuid4),
            lease_until=factory.LazyFunction(lambda: timezone.now() + timedelta(minutes=4)),
        )
        abandoned = factory.Trait(
            running=True, lease_until=factory.LazyFunction(lambda: timezone.now() - timedelta(seconds=1))
        )
        ready = factory.Trait(
            state=BriefingPack.State.READY,
            percent=100,
            page_count=3,
            file_size=8,
            file=factory.LazyAttribute(lambda pack: ContentFile(b"%PDF-1.7", name=f"{pack.token}.pdf")),
            finished_at=factory.LazyFunction(timezone.now),
        )
        failed = factory.Trait(state=BriefingPack.State.FAILED, attempts=3, error="It took too long. Try again.")
        expired = factory.Trait(state=BriefingPack.State.EXPIRED)

    token = factory.Sequence(lambda n: f"token-of-a-test-{n:06d}")
    title = factory.Sequence(lambda n: f"Briefing {n}")
    data = factory.LazyFunction(lambda: dict[str, Any](SMALLEST_CONTENT))
    options = factory.LazyAttribute(lambda pack: PackOptions(title=pack.title).as_json())
    content_hash = factory.Sequence(lambda n: f"{n:064x}")
    as_at = date(2026, 1, 31)


class PackEntryFactory(DjangoModelFactory[PackEntry]):
    class Meta:
        model = PackEntry

    pack = factory.SubFactory(BriefingPackFactory)
    entry = factory.SubFactory(InnovationFactory, published=True)
    position = factory.Sequence(lambda n: n + 1)
    entry_version = 1
