"""Send the jobs of a sweep to a Ray cluster, for whoever outgrows one machine."""
