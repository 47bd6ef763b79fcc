"""A network's system with a key, and how it writes by it."""

import json
from collections.abc import Collection
from typing import Any

from django.test import Client

from portal.accounts.keys import make_key
from portal.accounts.models import NetworkKey, User
from tests.factories import NetworkFactory, NetworkRoleFactory, UserFactory

SCOPES = NetworkKey.Scope.values


class System:
    """What a network's system does: the network, the person who made its key, and the key."""

    def __init__(self, *, role: str = "editor", scopes: Collection[str] = SCOPES, network: Any = None) -> None:
        self.network = network or NetworkFactory()
        self.maker = UserFactory()
        for_all = role in ("publisher", "administrator")
        NetworkRoleFactory(user=self.maker, network=None if for_all else self.network, role=role)
        maker = User.objects.get(pk=self.maker.pk)
        self.row, self.key = make_key(network=self.network, name="Rota", scopes=scopes, days=30, by=maker)

    def ask(self, method: str, address: str, sent: Any = None, *, status: int = 200, **headers: str) -> Any:
        """Ask the API, hold it to the status, and return the answer."""
        body = None if sent is None else sent if isinstance(sent, bytes) else json.dumps(sent)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = given.pop("content-type", "application/json")
        given.setdefault("authorization", f"Bearer {self.key}")
        answer = Client().generic(method.upper(), f"/api/v1/{address}", body or b"", content_type=kind, headers=given)
        assert answer.status_code == status, answer.content
        return answer


def errors_of(answer: Any) -> list[str]:
    """Return the fields that a refusal names; each has what is wrong and what would do."""
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    assert all(error["problem"] and error["fix"] for error in told["errors"])
    return [error["field"] for error in told["errors"]]
