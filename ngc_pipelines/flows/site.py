"""A site as the flows see it: the settings, and the plain objects made from them when they are first used.

Here: how the outside systems are put together, once. Not here: reading the environment (`settings`) or Dagster's
resources (`defs/resources`). Nothing connects before it is used.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from ngc_pipelines.adapters import clock
from ngc_pipelines.domain.workdays import danish_calendar
from ngc_pipelines.flows.correspondence import Correspondence
from ngc_pipelines.register.claims import Claims
from ngc_pipelines.register.outbox import Outbox
from ngc_pipelines.register.register import COPENHAGEN, Register
from ngc_pipelines.register.steps import Patience, Worker
from ngc_pipelines.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from ngc_pipelines.adapters.audit_anchors import AuditAnchors
    from ngc_pipelines.adapters.cohorts.store import Cohorts
    from ngc_pipelines.adapters.genome_database.database import GenomeDatabase
    from ngc_pipelines.adapters.intake import IntakeArea
    from ngc_pipelines.adapters.mail import SmtpMailer
    from ngc_pipelines.adapters.provisioning.provisioner import Provisioner
    from ngc_pipelines.adapters.var_register import VarRegister


@dataclass(frozen=True)
class Site:
    """The systems of one site. now: the clock; the machine's unless a test says otherwise.

    Make it with `connected`, which gives connections back.
    """

    settings: Settings
    now: Callable[[], datetime] = clock.now

    def today(self) -> date:
        """The calendar day in Denmark."""
        return self.now().astimezone(COPENHAGEN).date()

    @cached_property
    def register(self) -> Register:
        """The register of cases."""
        return Register.connect(self.settings.register.url)

    @cached_property
    def claims(self) -> Claims:
        """Who is at work on which case."""
        return Claims(self.register.engine, timedelta(seconds=self.settings.policy.lease_seconds))

    @cached_property
    def outbox(self) -> Outbox:
        """Letters on their way."""
        return Outbox(self.register.engine)

    @cached_property
    def correspondence(self) -> Correspondence:
        """The letters of this site: who they come from, and where the case office reads."""
        return Correspondence(self.settings.mail, self.settings.policy, self.settings.dagster.ui_url, danish_calendar())

    @cached_property
    def mailer(self) -> "SmtpMailer":
        """The mail server."""
        from ngc_pipelines.adapters.mail import SmtpMailer

        mail = self.settings.mail
        return SmtpMailer(
            mail.host, mail.port, mail.sender, mail.starttls, mail.user, mail.password, mail.timeout_seconds, self.now
        )

    @cached_property
    def object_store(self) -> "S3Client":
        """The object store, under the pipelines' own credentials."""
        from ngc_pipelines.adapters.object_store.clients import s3_client

        return s3_client(self.settings.s3)

    def storing(self, tried: str) -> AbstractContextManager[None]:
        """Word the object store's errors inside the block; tried: what is done, as the beginning of a sentence."""
        from ngc_pipelines.adapters.object_store.faults import store_answers

        return store_answers(tried)

    @cached_property
    def intake(self) -> "IntakeArea":
        """The intake area."""
        from ngc_pipelines.adapters.intake import IntakeArea

        return IntakeArea(self.object_store, self.settings.s3.intake_bucket)

    @cached_property
    def anchors(self) -> "AuditAnchors":
        """Anchors of the audit chain, outside the database."""
        from ngc_pipelines.adapters.audit_anchors import AuditAnchors

        return AuditAnchors(self.object_store, self.settings.s3.records_bucket)

    @cached_property
    def genome_database(self) -> "GenomeDatabase":
        """Metadata of the genome database."""
        from ngc_pipelines.adapters.genome_database.database import GenomeDatabase

        return GenomeDatabase(self.settings.genome.url)

    @cached_property
    def var_register(self) -> "VarRegister":
        """The tissue-use register."""
        from ngc_pipelines.adapters.var_register import VarPolicy, VarRegister

        var = self.settings.var
        age = timedelta(hours=var.maximum_age_hours)
        return VarRegister(VarPolicy(age, var.minimum_rows, var.minimum_number_references))

    @cached_property
    def cohorts(self) -> "Cohorts":
        """Cohorts of cases."""
        from ngc_pipelines.adapters.cohorts.store import Cohorts

        return Cohorts(self.genome_database, self.var_register)

    @cached_property
    def provisioner(self) -> "Provisioner":
        """What fills and verifies isolated environments."""
        from ngc_pipelines.adapters.provisioning.provisioner import build_provisioner

        return build_provisioner(self.settings, self.cohorts, now=self.now)

    def worker(self, run: str) -> Worker:
        """Whoever does steps in the Dagster run of that id."""
        return Worker(
            register=self.register,
            claims=self.claims,
            run=run,
            now=self.now,
            told=self.correspondence.stopped,
            patience=Patience(timedelta(seconds=self.settings.policy.retry_seconds)),
        )

    def close(self) -> None:
        """Give back the connections that were made."""
        made = self.__dict__
        if "register" in made:
            self.register.close()
        if "genome_database" in made:
            self.genome_database.close()
        if "object_store" in made:
            self.object_store.close()


@contextmanager
def connected(settings: Settings, now: Callable[[], datetime] = clock.now) -> Iterator[Site]:
    """Give a site and close it afterwards."""
    site = Site(settings, now)
    try:
        yield site
    finally:
        site.close()
