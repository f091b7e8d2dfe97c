"""Market data without ccxt: our own socket, and typed decoding straight from bytes to rows."""
