"""Links in mails that name a person: they can't be guessed, hold no address, and ask for no account."""

from dataclasses import dataclass

from django.core import signing

from portal.accounts.models import User


@dataclass(frozen=True)
class PersonLink:
    """Links for one use: a token made for another names nobody here."""

    use: str

    def token_of(self, person: User) -> str:
        return signing.dumps(person.pk, salt=self.use)

    def person_of(self, token: str) -> User | None:
        try:
            pk = signing.loads(token, salt=self.use)
        except signing.BadSignature:
            return None
        return User.objects.filter(pk=pk).first()
