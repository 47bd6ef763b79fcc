from django.conf import settings
from django.db import migrations

WAGTAILS_OWN = {
    "latest_revision", "live_revision", "live", "has_unpublished_changes", "first_published_at", "last_published_at",
    "go_live_at", "expire_at", "expired", "locked", "locked_at", "locked_by", "version",
}  # fmt: skip


def begin(apps, schema_editor):
    """Keep what is published now as its version. Sources, measures and places are looked up, as they were not kept."""
    EntryChange = apps.get_model("catalogue", "EntryChange")
    PublishedVersion = apps.get_model("catalogue", "PublishedVersion")
    published = apps.get_model("catalogue", "Entry").objects.filter(live=True, live_revision__isnull=False, version__gt=0)
    for entry in published.select_related("live_revision", "owner_network").iterator():
        revision = entry.live_revision
        first = "First published." if entry.version == 1 else "Published before the trail of changes was kept."
        change = EntryChange.objects.create(
            entry=entry,
            at=entry.last_published_at or revision.created_at,
            by_id=revision.user_id,
            by_name=str(getattr(revision.user, "username", "")),
            network=entry.owner_network.name if entry.owner_network else "",
            action="published",
            origin="screen" if revision.user_id else "data_files",
            version=entry.version,
            title=entry.title,
            sentences=[first],
        )
        content = {name: value for name, value in revision.content.items() if name not in WAGTAILS_OWN}
        PublishedVersion.objects.create(change=change, content=content, references={})


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0003_trail"),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
