"""Documents kept ready before anybody asks: each entry's brief, and a pack for each theme and strand.

The rows say as of which mark of the catalogue each document was found true, so nothing needs to be
told of a publication, and nothing is lost when a worker dies: whoever has time looks at what
changed since, at the documents that show it, and makes those anew that would say something else.
"""

import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Case, Count, Q, When
from django.db.models.functions import Now
from django.utils import timezone

from portal.briefings import moves, snapshot
from portal.briefings.brief import content as brief_content
from portal.briefings.brief import making as briefs
from portal.briefings.made_with import made_with
from portal.briefings.models import BriefingPack, PackEntry, StandingDocument
from portal.briefings.options import PackOptions
from portal.briefings.services import freeze, queue_issue
from portal.briefings.snapshot import read_entries
from portal.catalogue.models import CatalogueMove, CatalogueVersion, Entry, PlanStrand, Theme
from portal.core.models import Tag

logger = logging.getLogger(__name__)

TAGS: dict[str, type[Theme] | type[PlanStrand]] = {"theme": Theme, "strand": PlanStrand}
BRIEF = "entry"
MOST_CHANGES = 1000
BUSY_SECONDS = 600

_seen: set[str] = set()


def refresh_one() -> bool:
    """See to one document that may not say what is published any more; False when there is none to see to.

    While nothing has changed that costs one query.
    """
    if not settings.BRIEFINGS_KEEP_READY:
        return False
    version = CatalogueVersion.objects.filter(pk=1).first()
    if version is None or _is_settling(version):
        return False
    mark = f"{version.mark}.{_look()}"
    if mark in _seen:
        return False
    _list_documents(mark)
    document = _claim(mark)
    if document:
        _refresh(document, mark)
    elif not StandingDocument.objects.exclude(mark=mark).exists():
        _seen.clear()
        _seen.add(mark)
    return document is not None


def _is_settling(version: CatalogueVersion) -> bool:
    """Wait for a pause: entries are often published several at a time."""
    return timezone.now() - version.moved_at < timedelta(seconds=settings.BRIEFINGS_SETTLE_SECONDS)


def _look() -> str:
    """Name the templates and the renderer: with others, every document must be made anew."""
    looks = made_with(snapshot.TEMPLATES) + made_with(brief_content.TEMPLATES, brief_content.HERE)
    return hashlib.sha256(looks.encode()).hexdigest()[:8]


# --- which ----------------------------------------------------------------------------------


def _list_documents(mark: str) -> None:
    """Have a row for each document there should be, and pass over those that nothing that changed is shown in."""
    wanted, rows = _wanted(), dict(StandingDocument.objects.values_list("key", "mark"))
    StandingDocument.objects.bulk_create(
        [StandingDocument(key=key) for key in wanted if key not in rows], ignore_conflicts=True
    )
    StandingDocument.objects.filter(key__in=[key for key in rows if key not in wanted]).delete()
    by_mark: dict[str, list[str]] = defaultdict(list)
    for key, known in rows.items():
        if key in wanted and known != mark:
            by_mark[known].append(key)
    for before, keys in by_mark.items():
        touched = _touched(before, mark)
        if touched is not None:
            StandingDocument.objects.filter(key__in=[key for key in keys if key not in touched]).update(mark=mark)


def _wanted() -> dict[str, None]:
    """Return the keys of all standing documents: packs first, then briefs, those published last first."""
    keys = [f"{kind}/{slug}" for kind, model in TAGS.items() for slug in _slugs_in_use(model)]
    newest = Entry.objects.public().order_by("-last_published_at", "-pk").values_list("pk", flat=True)
    return dict.fromkeys([*keys, *(f"{BRIEF}/{pk}" for pk in newest[: settings.BRIEFINGS_BRIEFS_KEPT_READY])])


def _slugs_in_use(model: type[Theme] | type[PlanStrand]) -> Iterable[str]:
    tags = model._default_manager.filter(entries__live=True).distinct()
    return list(tags.values_list("slug", flat=True))


def _touched(before: str, now: str) -> Collection[str] | None:
    """Return the keys of documents that may show what changed between two marks; None when any may."""
    (mark, _, look), (mark_now, _, look_now) = before.partition("."), now.partition(".")
    changed = CatalogueMove.entries_between(mark, mark_now) if look == look_now else None
    if mark == mark_now and look == look_now:
        changed = set()
    if changed is None or len(changed) > MOST_CHANGES:
        return None
    keys = {f"{BRIEF}/{pk}" for pk in changed}
    for kind, model in TAGS.items():
        keys |= {
            f"{kind}/{slug}"
            for slug in model._default_manager.filter(entries__in=changed).values_list("slug", flat=True)
        }
    shown = PackEntry.objects.filter(entry__in=changed).exclude(pack__standing="")
    return keys | set(shown.values_list("pack__standing", flat=True))


def _claim(mark: str) -> StandingDocument | None:
    free = Q(busy_until=None) | Q(busy_until__lt=Now())
    stale = StandingDocument.objects.exclude(mark=mark).filter(free)
    # Packs before briefs: there is one of those for each entry.
    is_brief = Case(When(key__startswith=f"{BRIEF}/", then=1), default=0)
    for document in stale.order_by(is_brief, "-pk")[:5]:
        until = Now() + timedelta(seconds=BUSY_SECONDS)
        if stale.filter(pk=document.pk).update(busy_until=until):
            return document
    return None


# --- how ------------------------------------------------------------------------------------


def _refresh(document: StandingDocument, mark: str) -> None:
    kind, _, name = document.key.partition("/")
    try:
        if kind == BRIEF:
            _refresh_brief(int(name))
        else:
            _refresh_pack(document, TAGS[kind]._default_manager.get(slug=name))
    except ObjectDoesNotExist:  # withdrawn, or the tag is gone
        StandingDocument.objects.filter(pk=document.pk).delete()
    except briefs.BriefNotMade as problem:
        # It keeps its old mark, and its place is free again when `busy_until` is past.
        logger.warning("Standing document %s: %s", document.key, problem)
    else:
        StandingDocument.objects.filter(pk=document.pk).update(mark=mark, busy_until=None)


def _refresh_brief(pk: int) -> None:
    briefs.kept_brief(brief_content.brief_of_published(pk), entry=pk)


@transaction.atomic
def _refresh_pack(document: StandingDocument, tag: Tag) -> None:
    """Queue a new issue of a standing pack if it would say something else than the last one."""
    slugs, total = _slugs_of(tag)
    options = PackOptions(title=_title(tag, len(slugs), total))
    entries = read_entries(slugs)
    if not entries:
        return
    data = freeze(entries, options)
    says = _without_day(data)
    if says == document.says:
        return
    # Nobody has seen an issue that still waits: this one takes its place.
    BriefingPack.objects.standing_for(document.key).filter(state="queued").delete()
    last = BriefingPack.objects.standing_for(document.key).filter(state="ready").first()
    since = moves.since(last, data) if last else None
    queue_issue(entries, options, follows=last, since=since, standing=document.key)
    StandingDocument.objects.filter(pk=document.pk).update(says=says)


def _without_day(data: Mapping[str, Any]) -> str:
    """Hash what a pack says, the day it was made on apart: another day is no reason to make it anew."""
    text = json.dumps(data, sort_keys=True)
    for day in (data["as_at"], data["as_at_text"]):
        text = text.replace(day, "")
    return hashlib.sha256(text.encode()).hexdigest()


def _slugs_of(tag: Tag) -> tuple[list[str], int]:
    """Return the entries of a theme or strand by title, and how many there are: of too many, the best founded."""
    entries = Entry.objects.public().filter(pk__in=tag.entries.values("pk"))  # type: ignore[attr-defined]
    findings = Count("evidence_links", filter=~Q(evidence_links__finding=""))
    most = settings.BRIEFINGS_MAX_ENTRIES
    rows: list[Any] = list(
        entries.annotate(findings=findings).order_by("-findings", "title").values_list("title", "slug")
    )
    return [slug for _, slug in sorted(rows[:most])], len(rows)


def _title(tag: Tag, held: int, total: int) -> str:
    return tag.name if held == total else f"{tag.name}: the {held} entries with most findings, of {total}"
