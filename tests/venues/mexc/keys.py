"""Name throwaway keys of one account, good for this stand-in alone."""

from tests.venues.bybit.accounts import Key

UID = 35_100_001
API_KEY, SECRET = "mx0stand1", "not-a-real-secret-of-mexc-1"
READ_KEY, READ_SECRET = "mx0stand2", "not-a-real-secret-of-mexc-2"


def keys() -> dict[str, Key]:
    """Return the keys that a stand-in has unless told otherwise."""
    return {API_KEY: Key(SECRET), READ_KEY: Key(READ_SECRET, is_read_only=True)}
