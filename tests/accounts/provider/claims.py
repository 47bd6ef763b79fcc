"""What the tests' provider tells of a person."""

from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator

from tests.accounts.provider.site import PEOPLE


class Claims(OAuth2Validator):
    oidc_claim_scope = None

    def get_additional_claims(self, request: Any) -> dict[str, Any]:
        email, is_confirmed = PEOPLE[request.user.username]
        return {
            "email": email,
            "email_verified": is_confirmed,
            "preferred_username": request.user.username,
            "given_name": request.user.first_name,
        }
