"""Spell the venue's messages: each function returns what one JSON object holds."""
