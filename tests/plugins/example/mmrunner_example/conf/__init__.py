"""Group files, arranged as in mmrunner's own conf/."""
