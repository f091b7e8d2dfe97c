"""Name throwaway keys of one account, good for this stand-in alone."""

UID = 24_800_001
API_KEY, SECRET = "0" * 35 + "1", "not-a-real-secret-of-okx-1"
READ_KEY, READ_SECRET = "0" * 35 + "2", "not-a-real-secret-of-okx-2"
PASSPHRASE = "not-a-real-passphrase"
