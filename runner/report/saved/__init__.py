"""Read what runs have left behind. Nothing here writes."""
