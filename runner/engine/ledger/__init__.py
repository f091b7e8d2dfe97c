"""The runner's own books: one SQLite file a deploy, written by one writer, before anything is sent.

`states` is what may become of an order, `entries` what is written, `schema` and `store` the file,
`writer` who writes it.
"""
