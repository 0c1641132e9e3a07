"""The genome database: metadata of the samples that were sequenced, and where their files lie (GD-1 to GD-5).

- `database.py`: `GenomeDatabase`, the connections and what their errors mean
- `tables.py`: the tables of the schemas `genome`, `var_register` and `cohort`
- `migrating.py`, `migrations/`: brings a server to that schema, and what each role may do there
- `criteria_sql.py`: metadata criteria as a parametrised condition
- `inventory.py`: the store held against the metadata (GD-3)
- `overview.py`: how much there is, without telling small counts (GD-4)

Reading VAR is `adapters/var_register.py`; cohorts are `adapters/cohorts`. Nothing here writes to the schema `genome`.
"""
