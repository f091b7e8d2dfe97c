"""Run the jobs of a sweep in one process, side by side where they can be."""
