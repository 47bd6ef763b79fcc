"""The web server's way in."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ["PORTAL_PART"] = "web"
application = get_wsgi_application()

from portal.catalogue.finding.index import make_ready  # noqa: E402  Django is set up by now

# Web processes are forked from the one that reads this, and share what it holds.
make_ready()

# A large ledger is many small objects that live until it is answered: by Python's defaults the collector
# walks them over and over, for half of the time. What is loaded by now stays for good and is not looked at.
gc.freeze()
gc.set_threshold(100_000, 20, 100)
