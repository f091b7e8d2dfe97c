"""Kill real paper processes at random moments, and hold ledger and venue against each other."""
