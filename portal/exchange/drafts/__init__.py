"""Drafts as programs read and write them: one document an entry, the same in both directions."""
