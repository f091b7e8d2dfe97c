"""Hold runs, or parts of a run, against each other."""
