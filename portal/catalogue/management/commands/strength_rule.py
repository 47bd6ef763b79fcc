"""Show, compare and put in force a version of the rule of evidence strength."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from portal.catalogue.strength import entries_that_would_change
from portal.core.formatting import format_date, format_moment
from portal.evidence.calculations import RULES
from portal.evidence.models import RuleInForce
from portal.evidence.querysets import UnknownRule
from portal.evidence.services import RuleRefused, put_rule_in_force


class Command(BaseCommand):
    help = "Show which version of the rule of evidence strength is in force, what another would change, or apply it."

    def add_arguments(self, parser: CommandParser) -> None:
        wanted = parser.add_mutually_exclusive_group()
        wanted.add_argument("--compare", type=int, metavar="N", help="List every entry that version N would change.")
        wanted.add_argument("--apply", type=int, metavar="N", help="List them, then put version N in force.")
        parser.add_argument("--why", default="", help="With --apply: the reason, which readers will see.")
        parser.add_argument("--by", metavar="USERNAME", help="With --apply: who decided it.")

    def handle(self, *args: Any, compare: int | None, apply: int | None, why: str, by: str | None, **more: Any) -> None:
        try:
            if apply is not None:
                self._apply(apply, why=why, by=_person(by))
            elif compare is not None:
                self._compare(compare)
            else:
                self._show()
        except (UnknownRule, RuleRefused) as problem:
            raise CommandError(f"Nothing was changed. {problem}") from problem

    def _show(self) -> None:
        row, rule = RuleInForce.objects.standing(), RuleInForce.objects.rule()
        since = format_moment(row.since) if row else format_date(rule.published)
        who = f", by {row.by_name}: {row.why}" if row else ""
        self.stdout.write(f"Version {rule.version} is in force since {since}{who}")
        self.stdout.write(f"Published: {', '.join(str(version) for version in RULES)}.")

    @transaction.atomic
    def _apply(self, version: int, *, why: str, by: AbstractBaseUser | None) -> None:
        """List and apply in one transaction: what is applied is what was listed."""
        standing = RuleInForce.objects.rule().version
        self._compare(version)
        put_rule_in_force(version=version, instead_of=standing, why=why, by=by)
        self.stdout.write(f"Version {version} is in force.")

    def _compare(self, version: int) -> None:
        changes = entries_that_would_change(version)
        for change in changes:
            self.stdout.write(f"{change.entry.title}: {change.before.level} to {change.after.level}. {change.why}")
        count = len(changes)
        self.stdout.write(f"Version {version} changes the strength of {count} entr{'y' if count == 1 else 'ies'}.")


def _person(username: str | None) -> AbstractBaseUser | None:
    if username is None:
        return None
    try:
        return get_user_model()._default_manager.get_by_natural_key(username)
    except get_user_model().DoesNotExist:
        raise CommandError(f"There is nobody with the user name “{username}”.") from None
