"""Finding entries: words, facets, counts and order. docs/finding.md tells how the parts fit."""
