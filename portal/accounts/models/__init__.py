from portal.accounts.models.events import AccountEvent, Trail
from portal.accounts.models.invitations import Invitation
from portal.accounts.models.keys import NetworkKey
from portal.accounts.models.mail import WaitingMail
from portal.accounts.models.people import NetworkRole, User
from portal.accounts.models.searches import SavedSearch

__all__ = ["AccountEvent", "Invitation", "NetworkKey", "NetworkRole", "SavedSearch", "Trail", "User", "WaitingMail"]
