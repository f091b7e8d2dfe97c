"""Search over parameters: each trial is a job of a sweep, chosen by what the ones before showed."""
