"""Decide where to take liquidity: at one venue or at several, at what price, and what it costs."""
