"""Play the deploy of the real adapter, ccxt below it, at the stand-in of KuCoin, on virtual time."""
