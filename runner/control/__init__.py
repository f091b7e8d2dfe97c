"""See and steer a running deploy from outside, by a socket that only its user can open."""
