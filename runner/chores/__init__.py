"""What the house does by the clock beside quoting; what is heavy has a process of its own."""
