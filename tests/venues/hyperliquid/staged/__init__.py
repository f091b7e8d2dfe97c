"""The stage's scenarios, played at the stand-in of Hyperliquid."""
