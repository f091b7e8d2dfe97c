"""Run a deploy of many markets for a virtual day, and watch that nothing grows."""
