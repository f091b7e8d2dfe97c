"""Drill a live deploy: real processes, a venue that fails in every way, judges from outside."""
