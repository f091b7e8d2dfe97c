"""Trade any exchange that ccxt.pro knows: ccxt speaks the dialect, our house carries the bytes."""
