"""What differs between sites: addresses, credentials, limits and policy.

Read when called, never at import. Every setting is one environment variable,
named `NGC_<GROUP>_<FIELD>`: `settings.genome.url` is `NGC_GENOME_URL`. A secret
may be given as `<NAME>_FILE` instead, the path of a file that holds it. No rule
of a flow lives here, and no client, engine or connection is made here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from ngc_pipelines.domain.errors import NgcError

PREFIX = "NGC_"

# A secret is left out of `repr`, and so of every log line a model ends up in.
Secret = Annotated[str, Field(min_length=1, repr=False)]


class SettingsError(NgcError):
    """The environment lacks settings or holds bad ones; names all of them, never a value."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__(
            "The settings were read from the environment",
            "; ".join(faults),
            "Set the variables named here (README, 'Settings'; embedded site: `. .local/site.env`) and try again.",
        )
        self.faults = faults


class Group(BaseModel):
    """Settings of one outside system or concern; frozen, and unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Database(Group):
    """A PostgreSQL database.

    Args:
        url: the runtime role's address, `postgresql+psycopg://…`.
        owner_url: the owner role's, for migrations; unset where the flows run.
    """

    url: Secret
    owner_url: Annotated[str | None, Field(repr=False)] = None

    @field_validator("url", "owner_url")
    @classmethod
    def _names_its_driver(cls, value: str | None) -> str | None:
        # SQLAlchemy 2.1 reads a bare postgresql:// as another driver than 2.0 does.
        if value is not None and not value.startswith("postgresql+psycopg://"):
            raise ValueError("must begin with postgresql+psycopg://")
        return value


class Vault(Database):
    """The pseudonym vault: its database, under its own role, and the site key.

    Args:
        site_key_file: the key that encrypts CPR numbers at rest; never made anew by a flow.
    """

    site_key_file: Path


class Var(Group):
    """The tissue-use register (VAR), kept as a schema of the genome database (CO-3).

    Args:
        maximum_age_hours: a copy older than this stops the flow.
        minimum_rows: a copy with fewer registrations counts as unreadable; at least 1.
        minimum_number_references: the same for its cross-references of changed person numbers.
    """

    maximum_age_hours: int = Field(default=36, ge=1)
    minimum_rows: int = Field(default=1, ge=1)
    minimum_number_references: int = Field(default=0, ge=0)


class ObjectStore(Group):
    """The S3 object store that holds genome data, the intake and the environments.

    Args:
        endpoint: its address, always explicit; no client ever falls back to a public one.
        source_bucket: raw genome data.
        intake_bucket: submissions, as handed in.
        records_bucket: snapshots, inventories and reports.
        environment_prefix: an environment's bucket is this and the environment's name.
        checksums: `when_supported` lets boto3 add checksums to every request;
            `when_required` is for stores that do not know them.
        environment_networks: CIDR ranges, separated by commas, that users of environments reach the store from; from
            anywhere else they are denied. Empty where the store does not see their addresses.
    """

    endpoint: str
    access_key: str
    secret_key: Secret
    region: str = "dk-ngc-1"
    source_bucket: str = "genome-data"
    intake_bucket: str = "intake"
    records_bucket: str = "records"
    environment_prefix: str = Field(default="env-", pattern=r"^[a-z0-9][a-z0-9-]{0,20}$")
    checksums: Literal["when_supported", "when_required"] = "when_supported"
    environment_networks: str = ""

    @field_validator("endpoint")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")


class Mail(Group):
    """The mail server that letters are handed to.

    Args:
        starttls: refuse to hand over a letter on an unencrypted connection.
        sender: the address letters come from.
        case_office: where case officers read.
    """

    host: str
    port: int = Field(default=25, ge=1, le=65535)
    sender: str = "forskerservice@ngc.example"
    case_office: str = "sagsbehandling@ngc.example"
    starttls: bool = False
    user: str | None = None
    password: Annotated[str | None, Field(repr=False)] = None
    timeout_seconds: int = Field(default=30, ge=1)


class Dagster(Group):
    """How Dagster is to look at the world; its own storage is in `dagster.yaml`.

    Args:
        ui_url: where a case officer finds the UI; written into letters to the case office.
    """

    ui_url: str = "http://localhost:3000"


class Policy(Group):
    """What management decides and may change.

    Args:
        threshold: the smallest number of persons that may be told (CO-4, DC-5).
        provisioning: `headers` rewrites read headers too, `names` leaves file contents (EN-5).
        price_list_file: the price list of EN-4; the package's own when unset.
        copy_workers: objects copied at a time.
        lease_seconds: without a sign of life for so long, a run no longer holds its case.
        retry_seconds: before the second attempt at a step that failed; doubled each time.
    """

    threshold: int = Field(default=5, ge=2)
    provisioning: Literal["headers", "names"] = "headers"
    price_list_file: Path | None = None
    copy_workers: int = Field(default=4, ge=1, le=64)
    lease_seconds: int = Field(default=60, ge=2, le=3600)
    retry_seconds: int = Field(default=30, ge=1, le=3600)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a site, grouped by the system they are about."""

    genome: Database
    register: Database
    vault: Vault
    var: Var
    s3: ObjectStore
    mail: Mail
    dagster: Dagster
    policy: Policy


GROUPS: Mapping[str, type[Group]] = {
    "genome": Database,
    "register": Database,
    "vault": Vault,
    "var": Var,
    "s3": ObjectStore,
    "mail": Mail,
    "dagster": Dagster,
    "policy": Policy,
}


# Those whose tables are this package's; Dagster makes its own.
DATABASES_MIGRATED = tuple(name for name, model in GROUPS.items() if issubclass(model, Database))


def variable(group: str, field: str) -> str:
    """The environment variable of a setting: `variable("s3", "endpoint")` is `NGC_S3_ENDPOINT`."""
    return f"{PREFIX}{group}_{field}".upper()


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The site's settings, read from the environment now and validated whole.

    Args:
        environ: the variables; the process's own when left out.

    Raises:
        SettingsError: a variable is missing, malformed or unknown; names every one of them.
    """
    given = os.environ if environ is None else environ
    faults: list[str] = []
    groups: dict[str, Group] = {}
    for name, model in GROUPS.items():
        values, unread = _values_of(name, model, given)
        faults += unread
        try:
            groups[name] = model.model_validate(values)
        except ValidationError as error:
            faults += _faults_of(name, error)
    faults += _unknown(given)
    if faults:
        raise SettingsError(tuple(faults))
    return Settings(**groups)  # type: ignore[arg-type]  # - GROUPS pairs each name with its type


def load_object_store(environ: Mapping[str, str] | None = None) -> ObjectStore:
    """The object store's settings alone, for commands that need no other system (`ngc submit`).

    Raises:
        SettingsError: as `load_settings`, for this group.
    """
    values, faults = _values_of("s3", ObjectStore, os.environ if environ is None else environ)
    try:
        store = ObjectStore.model_validate(values)
    except ValidationError as error:
        raise SettingsError((*faults, *_faults_of("s3", error))) from None
    if faults:
        raise SettingsError(tuple(faults))
    return store


def load_migrated_databases(environ: Mapping[str, str] | None = None) -> Mapping[str, tuple[str, str | None]]:
    """For `ngc migrate`: owner's and runtime role's address of each database that an owner's address is set for.

    Returns:
        By the group's name; the runtime role's address is None where it is not set.

    Raises:
        SettingsError: no owner's address is set, or one of the addresses is malformed or cannot be read.
    """
    given = os.environ if environ is None else environ
    found: dict[str, tuple[str, str | None]] = {}
    faults: list[str] = []
    for name in DATABASES_MIGRATED:
        values, unread = _values_of(name, Database, given)
        faults += unread
        if "owner_url" in values:
            try:
                read = Database.model_validate({"url": values["owner_url"], **values})
            except ValidationError as error:
                faults += _faults_of(name, error)
            else:
                found[name] = (values["owner_url"], read.url if "url" in values else None)
    if not found and not faults:
        faults.append("no database's owner is set: " + ", ".join(variable(n, "owner_url") for n in DATABASES_MIGRATED))
    if faults:
        raise SettingsError(tuple(faults))
    return found


def _values_of(group: str, model: type[Group], environ: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The group's raw values, secrets from files included, and what could not be read."""
    values: dict[str, str] = {}
    faults: list[str] = []
    for field, info in model.model_fields.items():
        name = variable(group, field)
        # An empty variable is an unset one: that is what a blank line in an env file means.
        if environ.get(name):
            values[field] = environ[name]
        elif info.repr is False and environ.get(f"{name}_FILE"):
            try:
                values[field] = Path(environ[f"{name}_FILE"]).read_text(encoding="utf-8").strip()
            except OSError as error:
                faults.append(f"{name}_FILE names a file that cannot be read ({error.strerror})")
    return values, faults


def _faults_of(group: str, error: ValidationError) -> list[str]:
    def told(detail: Any) -> str:
        name = variable(group, str(detail["loc"][0]))
        if detail["type"] == "missing":
            return f"{name} is not set"
        return f"{name} is not valid ({detail['msg'].removeprefix('Value error, ')})"

    return [told(detail) for detail in error.errors(include_input=False, include_url=False)]


def _unknown(environ: Mapping[str, str]) -> list[str]:
    """Variables that look like ours and are none: a misspelt limit must not be a silent default."""
    known = {variable(group, field) for group, model in GROUPS.items() for field in model.model_fields}
    known |= {f"{name}_FILE" for name in known}
    grouped = tuple(f"{PREFIX}{group}_".upper() for group in GROUPS)
    return [f"{name} is no setting" for name in sorted(environ) if name.startswith(grouped) and name not in known]
