"""Tell what screens came to: brackets, never exact figures."""
