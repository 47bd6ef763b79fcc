"""How a person is named."""

from typing import Any


def name_of(person: Any, *, otherwise: str = "") -> str:
    """Return a person's full name, or the one they sign in with; `otherwise` stands in for nobody."""
    return (person.get_full_name() or person.get_username()) if person else otherwise
