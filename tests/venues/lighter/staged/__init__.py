"""Play the deploy of a real adapter at the stand-in, on virtual time: one process, one wire."""
