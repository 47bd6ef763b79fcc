"""What imports hold of people: who brought which file."""

from typing import Any

from portal.core.people import name_of
from portal.core.personal import FORMER, forget_name, hold
from portal.exchange.models import ImportBatch


def hold_personal() -> None:
    hold("imports", tell=_imports, erase=_forget)


def _imports(person: Any) -> list[dict[str, Any]]:
    return list(person.import_batches.order_by("pk").values("file_name", "state", "created_at"))


def _forget(person: Any) -> None:
    forget_name(ImportBatch, "by", "by_name", person)
    ImportBatch.objects.filter(undone_by_name=name_of(person)).update(undone_by_name=FORMER)
