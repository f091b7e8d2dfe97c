"""Watch and steer a running deploy from a terminal, beside it and over ssh."""
