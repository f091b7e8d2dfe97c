"""Drill a live deploy at any stand-in: real processes, a venue that fails in every way, judges."""
