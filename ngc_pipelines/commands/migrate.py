"""`ngc migrate`: brings the databases to this version's tables, as their owners; run before a new version is started.

Here: arguments, output, exit codes. Not here: which roles may do it and what is done (`flows/migration`).
"""

import argparse
import sys


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.description = (
        "Runs the migrations that are missing in each database whose owner's address is set (NGC_GENOME_OWNER_URL, "
        "NGC_REGISTER_OWNER_URL, NGC_VAULT_OWNER_URL, or the same with _FILE) and grants the roles that the flows run "
        "as their rights. Harmless to repeat. The roles are looked at first; where one is not what it must be, nothing "
        "is changed anywhere."
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="look at roles and revisions only; 1 where a migration is missing"
    )


def run(args: argparse.Namespace) -> int:
    """Migrate; 0 done, 1 refused (or missing, with --dry-run), 2 a server did not answer."""
    from ngc_pipelines.flows.migration import in_words, migrate
    from ngc_pipelines.settings import DATABASES_MIGRATED, load_migrated_databases, variable

    addresses = load_migrated_databases()
    done = migrate(addresses, dry_run=args.dry_run)
    sys.stdout.write("\n".join(in_words(done, dry_run=args.dry_run)) + "\n")
    left = [variable(name, "owner_url") for name in DATABASES_MIGRATED if name not in addresses]
    if left:
        sys.stderr.write(f"Not looked at, because their owner's address is not set: {', '.join(left)}\n")
    return 1 if args.dry_run and any(entry.changed for entry in done) else 0
