"""RTF: a tokenizer of our own, since others drop what a reader does not show.

`tokens` cuts a file into control words and text, `reader` keeps track of
groups and destinations, `opener` hands on what they hold.
"""
