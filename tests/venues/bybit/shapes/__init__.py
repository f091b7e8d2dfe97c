"""Spell what the venue says."""
