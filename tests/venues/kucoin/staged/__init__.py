"""The real adapter, ccxt below it, played at the stand-in of KuCoin on virtual time."""
