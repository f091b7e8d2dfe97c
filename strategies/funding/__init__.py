"""Decide on funding arbitrage: two legs of one underlying, held for what funding pays."""
