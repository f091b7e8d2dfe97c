"""Show a run while it runs: read-only, and never in the way of the run."""
