"""From which address a request comes, behind as many proxies as the settings say."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

ONE_CUSTOMER = 64
"""Whoever has one IPv6 address has this whole network of them."""


def client_address(request: HttpRequest) -> str:
    """Return the address that the outermost of our own proxies saw; an IPv6 one as its network.

    What stands further left in X-Forwarded-For anybody may have written.
    """
    said = str(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        said = hops[-settings.TRUSTED_PROXIES] if len(hops) >= settings.TRUSTED_PROXIES else said
    try:
        address = ip_address(said)
    except ValueError:
        return "unknown"
    return str(address) if address.version == 4 else str(ip_network((address, ONE_CUSTOMER), strict=False))
