"""Isolated environments in the object store: a bucket each, its policy, its users and their keys (EN-1, EN-3).

`Environments` (in `access.py`) is the way in: `create`, `open_for`, `grant`, `users`, `withdraw`, `close`,
`hand_over`. What is copied into an environment is `adapters/provisioning`.
"""
