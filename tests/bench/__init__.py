"""Measure what users wait for, each figure beside a peer that was measured in the same run."""
