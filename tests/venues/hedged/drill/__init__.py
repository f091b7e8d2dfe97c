"""Drill a deploy that hedges between two stand-ins: what it holds, from outside."""
