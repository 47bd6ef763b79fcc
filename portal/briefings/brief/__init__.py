"""The two-page brief of one entry: what it says, how it fits, how it is made and kept (ADR 0012)."""
