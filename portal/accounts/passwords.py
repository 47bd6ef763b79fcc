"""What a password must be: hard to guess, and not among those that were stolen elsewhere.

Length and the commonest words are checked by Django's own validators.
"""

import hashlib
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

from portal.core.outgoing import NoAnswer, NotAsked, ask

STRONG_ENOUGH = 3
"""Of 0 to 4: more than 10^8 guesses."""
LOOKED_AT = 72
"""Characters: what follows makes a password no weaker, and looking at it takes long."""
RANGE = "https://api.pwnedpasswords.com/range/"
LARGEST_ANSWER = 200_000
SECONDS = 3.0


class HardToGuess:
    """Refuse what a guesser tries early: words, names, dates, keyboard rows, also of the person's own."""

    def validate(self, password: str, user: Any = None) -> None:
        own = [getattr(user, name, "") for name in ("username", "first_name", "last_name", "email")] if user else []
        parts = [part for text in own for part in (text, *text.replace("@", ".").split(".")) if part]
        found = zxcvbn(password[:LOOKED_AT], user_inputs=[*parts, "workforce", "innovation", "portal"])
        if found["score"] < STRONG_ENOUGH:
            raise ValidationError(
                "This password is easy to guess. Use three or four words that have nothing to do with each other.",
                code="easy_to_guess",
            )

    def get_help_text(self) -> str:
        return "Three or four words that have nothing to do with each other make a good one."


class NotStolen:
    """Refuse passwords known from breaches, where the operator lets the portal ask other hosts.

    Five letters of the password's hash are sent, which some hundreds of passwords share. Where
    there is no answer the password is taken: the other checks hold all the same.
    """

    def validate(self, password: str, user: Any = None) -> None:
        whole = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        if whole[5:] in _known(whole[:5]):
            raise ValidationError(
                "This password is on a list of stolen ones that anybody can try. Choose another.", code="stolen"
            )

    def get_help_text(self) -> str:
        return "One that was stolen somewhere and is on a list is refused."


def _known(prefix: str) -> set[str]:
    try:
        answer = ask("GET", RANGE + prefix, headers={"Add-Padding": "true"}, most_bytes=LARGEST_ANSWER, seconds=SECONDS)
    except (NotAsked, NoAnswer):
        return set()
    if answer.status != HTTPStatus.OK:
        return set()
    lines = (line.partition(":") for line in answer.body.decode("ascii", "replace").splitlines())
    return {rest.strip() for rest, _, times in lines if times.strip() not in ("", "0")}
