"""Say what the clock asks of a market at a moment: a function of time, and of nothing before it."""
