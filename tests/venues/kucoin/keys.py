"""Name throwaway keys of one account, good for this stand-in alone."""

UID = 24_900_001
API_KEY, SECRET = "0" * 23 + "1", "not-a-real-secret-of-kucoin-1"
READ_KEY, READ_SECRET = "0" * 23 + "2", "not-a-real-secret-of-kucoin-2"
PASSPHRASE = "not-a-real-passphrase"
