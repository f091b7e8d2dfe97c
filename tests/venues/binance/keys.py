"""Name throwaway keys of one account, good for this stand-in alone."""

UID = 24_700_001
ALIAS = "mmTest"
API_KEY, SECRET = "b" * 63 + "1", "not-a-real-secret-of-binance-1"
READ_KEY, READ_SECRET = "b" * 63 + "2", "not-a-real-secret-of-binance-2"
