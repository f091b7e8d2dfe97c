"""Turn what a run leaves behind into what a person and a tool read."""
