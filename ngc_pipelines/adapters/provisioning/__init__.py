"""Provisioning: a cohort's files, pseudonymised and verified, in a new isolated environment (EN-1 to EN-6).

`Provisioner` (in `provisioner.py`) is the way in; `build_provisioner(settings, cohorts)` makes one:

- `provision(specification, cohort_digest, keep_lease=…, progress=…)` -> `Snapshot`. Goes on where an earlier run was
  stopped and copies nothing twice; reads VAR at its start and again before the environment is opened. `keep_lease` is
  called before every effect and raises where the case is no longer ours; `progress` is told how far (`Progress`).
  `cohorts` is `adapters.cohorts.Cohorts`, or what has its `files` and `persons_registered_since`.
- `read_snapshot(case_id, digest)` -> `Snapshot`, held against the digest that the case recorded
- `verify(snapshot, deep=False)` -> tuple of `Drift`; empty when the environment is what the snapshot says. `deep`
  reads every byte; without it sizes and etags are held against each other.

Raises everywhere: Unavailable (a retry may help), IntegrityFault (data are not what was recorded; nothing was opened),
Refused (a person must change something).
"""
