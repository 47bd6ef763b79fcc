"""People to try the editing site with, in the embedded shape: made once, with passwords nobody else knows.

Their network is one that leads entries: it gets these to keep, so that its editor finds something to correct.
"""

import secrets
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.accounts.models import NetworkRole, User
from portal.accounts.permissions import lacks_second_factor
from portal.catalogue.models import Entry
from portal.editing.services import hand_over
from portal.organisations.models import Organisation

NETWORK = "hin-otv"
ROLES = {
    "editor": NetworkRole.Role.EDITOR,
    "reviewer": NetworkRole.Role.REVIEWER,
    "publisher": NetworkRole.Role.PUBLISHER,
    "reader": None,
}


class Command(BaseCommand):
    help = "Make a network's editor and reviewer, a publisher and a reader, unless there are people already."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_PRODUCTION:
            raise CommandError("Demo people are for trying the portal out. In production people are invited.")
        if User.objects.exists():
            return
        network = Organisation.objects.filter(code=NETWORK).first()
        if network is None:
            raise CommandError("Load the entries first: manage.py load_entries")
        self.stdout.write(f"To edit, sign in at {settings.SITE_URL}/editing/ (shown this once):")
        for name, role in ROLES.items():
            password = secrets.token_urlsafe(12)
            person = User.objects.create_user(name, f"{name}@localhost", password, wants_digest=False)
            EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
            if role:
                everywhere = role == NetworkRole.Role.PUBLISHER
                NetworkRole.objects.create(user=person, role=role, network=None if everywhere else network)
            self.stdout.write(f"  {name:<10} {password}   {_told(role, network)}")
        self._hand_over_what_it_leads(network)

    def _hand_over_what_it_leads(self, network: Organisation) -> None:
        publisher = User.objects.get(username="publisher")
        if lacks_second_factor(publisher):
            self.stdout.write("  The publisher gives the network its entries, once they have a second factor.")
            return
        for entry in Entry.objects.filter(lead_organisations=network, owner_network=None):
            hand_over(entry=entry, to=network, by=publisher)
            self.stdout.write(f"  {network.display_name} keeps “{entry.title}”: its editor can correct it.")


def _told(role: NetworkRole.Role | None, network: Organisation) -> str:
    if role is None:
        return "no role: reads like everyone"
    return "all networks" if role == NetworkRole.Role.PUBLISHER else network.display_name
