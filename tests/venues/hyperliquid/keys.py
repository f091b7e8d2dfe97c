"""Name a throwaway key of one account's agent, good for this stand-in alone."""

UID = 24_900_001
AGENT_KEY = "0x" + "6d" * 32
AGENT = "0x9b0b59b5bcc907079f85753f8159f5fe2d70e8d8"


def address_of(uid: int) -> str:
    """Return the address of an account."""
    return f"0x{uid:040x}"


ADDRESS = address_of(UID)
