"""Make objects from settings: the only package that names a concrete venue or strategy."""
