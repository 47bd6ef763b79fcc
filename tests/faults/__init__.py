"""Faults, each made for real, and what must be true after it. docs/faults.md lists them by number."""
