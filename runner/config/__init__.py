"""Turn what a person typed into one validated configuration, before anything has an effect."""
