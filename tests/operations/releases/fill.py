"""Rows that an upgrade must keep, made with the factories of the release itself (bin/keep-release)."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from tests.factories import (  # noqa: E402
    AdoptionRecordFactory,
    BriefingPackFactory,
    CaseStudyFactory,
    EvidenceFactory,
    InnovationFactory,
    NetworkRoleFactory,
    add_figure,
    cite,
    publish,
)

entry = InnovationFactory(slug="kept", title="Kept over the upgrade")
add_figure(entry, value="1234.5")
cite(entry, evidence=EvidenceFactory(title="Kept source"))
publish(entry)
CaseStudyFactory(published=True, slug="kept-study")
AdoptionRecordFactory(entry=entry)
NetworkRoleFactory()
BriefingPackFactory()
