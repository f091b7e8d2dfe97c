"""Play the deploy of the real adapter, ccxt below it, at the stand-in of MEXC, on virtual time."""
