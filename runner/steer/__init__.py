"""Carry out what a person asks of a running deploy: pause, flatten, kill, and other numbers."""
