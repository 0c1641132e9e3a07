"""The pseudonym vault: who is behind a pseudonym. A database and a role of its own (EN-5, G §8.1).

`PseudonymVault` (in `vault.py`) is the way in: `issue(scope, subject, identities)` for a whole cohort at once, and
`rewriting_key(scope)`; `SiteKey.read(path)` (in `site_key.py`) reads the key, which is never made by a flow.
"""
