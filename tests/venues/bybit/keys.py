"""Name the account and key that a stand-in has unless told otherwise; they open nothing else."""

UID = 24_600_001
API_KEY = "STANDINKEY00000001"
SECRET = "standin-secret-of-nothing-at-all-001"
READ_KEY = "STANDINREADER00001"
READ_SECRET = "standin-secret-of-nothing-at-all-002"
