"""Look for what would go wrong, before it does."""
