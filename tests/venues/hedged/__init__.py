"""Two stand-ins side by side, whose markets of one underlying share a price."""
