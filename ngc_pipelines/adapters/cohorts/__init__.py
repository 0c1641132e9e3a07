"""Cohorts in PostgreSQL: who was asked for, what became of each, and which files may be exhibited.

`Cohorts` (in `store.py`) is the way in:

- `build_from_list(case_id, numbers, now)`: numbers arrive as chunks of bytes, one CPR number a line, and go
  straight into COPY -> `CohortManifest`
- `build_from_criteria(case_id, criteria, now)` -> `CohortManifest`
- `filter_by_var(case_id, now)` -> `VarFilterResult`
- `tell_counts(case_id, threshold, now)` -> the earlier orders whose counts these may not be told beside (`TooClose`)
- `persons_registered_since(case_id, now)` reads VAR again and takes out who entered it -> `VarRecheck`
- `withdrawn_persons(case_id)` -> iterator of current CPR numbers taken out since the filtering
- `files(case_id)` -> iterator of `CohortFile`, persons in a stable order, through a server-side cursor
- `manifest(case_id)`, `var_filter(case_id)`: the recorded accounts; `verify(case_id)` recomputes the digests

The rows of a national list never pass through Python one by one; the accounts are in `domain/cohort_accounts.py`.
"""
