"""Speak to Lighter: market data, account streams and reads, over its WebSocket and REST API."""
