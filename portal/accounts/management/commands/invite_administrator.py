"""The first administrator of a portal is invited from its server; they invite everybody else."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from portal.accounts.invitations import invite
from portal.accounts.models import NetworkRole


class Command(BaseCommand):
    help = "Invite an administrator by e-mail. The worker sends the mail; its link works once, for 14 days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address to invite")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"“{email}” is no e-mail address.") from error
        invite(email=email, role=NetworkRole.Role.ADMINISTRATOR, network=None, by=None, request=None)
        self.stdout.write(f"Invited {email}. The worker sends the mail.")
