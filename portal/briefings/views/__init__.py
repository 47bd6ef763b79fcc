"""Pages of packs: the basket and its builder, one pack, what is shared, and what is ready made."""
