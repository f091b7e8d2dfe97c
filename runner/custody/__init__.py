"""Keep a deploy's books for bad days: copies that are proven, and what a stranger needs to help."""
