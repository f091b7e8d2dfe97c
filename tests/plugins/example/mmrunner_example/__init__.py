"""Bring a strategy and a venue to mmrunner."""
