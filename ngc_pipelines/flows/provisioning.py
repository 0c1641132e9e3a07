"""The step `provisioned_environment_snapshot`: a verified environment for what was decided (EN-1 to EN-6).

Here: holding the decision against what it was made about, before anything is copied, and recording the snapshot. Not
here: buckets, copying and verification (`adapters/provisioning`).
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from ngc_pipelines.adapters.provisioning.filling import Progress
from ngc_pipelines.domain.application_form import Application, ApplicationForm
from ngc_pipelines.domain.application_rules.approval import approval_in_force
from ngc_pipelines.domain.application_rules.conditions import institution_authorised
from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.environments import (
    ApprovedUser,
    Drift,
    EnvironmentSpecification,
    ProvisioningPolicy,
    Snapshot,
)
from ngc_pipelines.domain.errors import Fault, IntegrityFault, Refused
from ngc_pipelines.domain.exhibition_flow import Did, On
from ngc_pipelines.domain.pseudonyms import ProjectScope
from ngc_pipelines.flows.application import accepted_form
from ngc_pipelines.flows.site import Site
from ngc_pipelines.register.fold import Standing
from ngc_pipelines.register.steps import Step


def provision(site: Site, step: Step, progress: Callable[[Progress], None]) -> tuple[Snapshot, Standing]:
    """Do the step: provision the environment, or go on where an earlier run was stopped, and record its snapshot.

    progress: called now and then. Fails closed: the decision, the cohort's rows and
    VAR are read again here, whatever other assets showed.
    """
    digest = decided_cohort(site, step.standing)
    _, form = accepted_form(site, step.standing)
    refuse_what_has_ended(form, step.case, site.today())
    specification = specify(site, step.standing, form)
    snapshot = site.provisioner.provision(specification, digest, keep_lease=step.claim.check, progress=progress)
    data = {
        "snapshot": snapshot.digest,
        "environment": specification.name,
        "bucket": snapshot.bucket,
        "specification": specification.digest,
        "cohort": snapshot.cohort_digest,
        "remaining": snapshot.remaining_digest,
        "var": {"delivery": snapshot.var_delivery, "digest": snapshot.var_digest},
        "files": len(snapshot.files),
        "bytes": snapshot.size_bytes,
    }
    letters = site.correspondence.exhibited(step.standing, snapshot)
    return snapshot, step.record(Did.EXHIBITED, data, letters)


def decided_cohort(site: Site, standing: Standing) -> str:
    """Give the digest of the cohort that was decided on, after holding everything against it.

    Raises IntegrityFault where the decision, the counts that were told and the cohort's rows are not about one cohort.
    """
    told = standing.value(Did.COUNTS_TOLD, "digest")
    judged = {standing.value(Did.WENT_ON, "judged"), standing.value(Did.MEETING_HELD, "judged")}
    filtered = site.cohorts.var_filter(standing.case)
    if judged != {told} or filtered is None or filtered.digest != told:
        raise _not_what_was_decided(standing.case)
    if not site.cohorts.verify(standing.case):
        raise _not_what_was_decided(standing.case)
    return str(told)


def refuse_what_has_ended(form: ApplicationForm, case: CaseId, today: date) -> None:
    """Raise IntegrityFault where the approval or the authorisation of an accepted form no longer holds (AP-1, AP-2).

    Weeks lie between an application's acceptance and its environment; a case officer then returns the case.
    """
    application = Application(form, {}, {}, today)
    faults = [*approval_in_force(application), *institution_authorised(application)]
    if faults:
        raise IntegrityFault(
            f"The environment of case {case} was to be provisioned",
            "; ".join(f"{fault.where} [{fault.rule}]: {fault.da} / {fault.en}" for fault in faults),
            "Nothing was exhibited. Return the case, so that the applicant can send what holds today.",
        )


def specify(site: Site, standing: Standing, form: ApplicationForm) -> EnvironmentSpecification:
    """Put together what was agreed: the project, its users whom the PI approved, and the meeting's outcome (EN-2)."""
    meeting: dict[str, Any] = standing.value(Did.MEETING_HELD, "meeting")
    investigator = form.principal_investigator
    users = tuple(
        ApprovedUser(user.hpc_user, investigator.name, user.approved_on)
        for user in form.users
        if investigator and user.approved_on and user.hpc_user
    )
    if not users:
        raise Refused(
            [
                Fault(
                    "EN-3",
                    "users",
                    "Ingen bruger har både en HPC-bruger og den projektansvarliges godkendelse.",
                    "No user has both an HPC user name and the principal investigator's approval.",
                )
            ],
            tried="The environment was specified",
            remedy="Return the case, so that the application can be corrected.",
        )
    return EnvironmentSpecification(
        case_id=standing.case,
        scope=ProjectScope(form.acronym, str(standing.value(Did.ACCEPTED, "approval"))),
        policy=ProvisioningPolicy(site.settings.policy.provisioning),
        users=users,
        tools=tuple(meeting["tools"]),
        own_data=meeting["own_data"],
        assistance=meeting["help"],
    )


def snapshot_of(site: Site, standing: Standing) -> Snapshot:
    """Read the snapshot of an exhibited case, held against the digest that the case recorded."""
    return site.provisioner.read_snapshot(standing.case, str(standing.value(Did.EXHIBITED, "snapshot")))


def drift_of(site: Site, case: CaseId, *, deep: bool = False) -> tuple[Drift, ...]:
    """Verify a case's environment against its snapshot; empty where nothing has changed."""
    standing = site.register.standing(case)
    if standing.state.name != On.EXHIBITED:
        return ()
    return tuple(site.provisioner.verify(snapshot_of(site, standing), deep=deep))


def _not_what_was_decided(case: CaseId) -> IntegrityFault:
    return IntegrityFault(
        f"The decision of case {case} was held against its cohort",
        "the decision, the counts that were told and the cohort are not about the same persons",
        "Nothing was exhibited. Find out who changed the cohort; then let the application be handed in again.",
    )
