"""What a browser says it is, in words that its owner knows it by."""

from django import template

register = template.Library()

# The first that fits: most browsers claim to be several.
BROWSERS = (
    *(("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox")),
    *(("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari")),
)
SYSTEMS = (
    *(("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad")),
    *(("CrOS", "ChromeOS"), ("Mac OS X", "Mac"), ("Linux", "Linux")),
)


@register.filter
def browser_name(user_agent: str) -> str:
    """Say "Firefox on Windows" of a browser, or else begin as it names itself."""
    found = [next((name for part, name in known if part in user_agent), "") for known in (BROWSERS, SYSTEMS)]
    return " on ".join(filter(None, found)) or user_agent[:80] or "A browser that doesn’t say its name"
