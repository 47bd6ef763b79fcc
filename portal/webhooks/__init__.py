"""Webhooks: telling other systems of what was published, changed, corrected and withdrawn."""
