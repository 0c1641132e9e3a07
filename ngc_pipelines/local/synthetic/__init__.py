"""A synthetic genome database: no real person, the same one for the same seed.

- `population.py`: persons, samples, VAR and number references, made inside PostgreSQL, from 50 to 5,000,000 persons
- `sequencing.py`: the bytes of small FASTQ pairs, SPRING containers and their sidecars
- `genome_store.py`: both together: metadata that describe real objects in a real object store

CPR numbers are safe by construction: never of 1 January, and failing modulus 11, which only numbers of 1 January may.
"""
