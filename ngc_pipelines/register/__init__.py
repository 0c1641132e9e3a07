"""The register: cases, their hash-chained events, claims of work and the mail outbox, in PostgreSQL.

The register is the truth about every case. Dagster's own history is a view of it and may be lost.
"""
