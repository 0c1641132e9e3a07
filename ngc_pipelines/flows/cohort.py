"""The steps `cohort_manifest` and `var_filtered_cohort`: who was asked for, who is left after VAR, what is told.

Here: from an accepted application to the letter with the counts (CO-1 to CO-4). Not here: the set work itself, which is
done in PostgreSQL (`adapters/cohorts`), and hiding small counts (`domain/small_counts`).
"""

from ngc_pipelines.adapters.intake import HandedIn
from ngc_pipelines.domain.application_form import ApplicationForm
from ngc_pipelines.domain.applications import persons_within_approval
from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.cohort_accounts import CohortManifest, VarFilterResult
from ngc_pipelines.domain.cpr_list import PasswordNeededError
from ngc_pipelines.domain.earlier_orders import MEASURE_WORDS, TooClose
from ngc_pipelines.domain.errors import Fault, IntegrityFault, Refused
from ngc_pipelines.domain.exhibition_flow import EXHIBITION, Did
from ngc_pipelines.domain.workflow import Person, check_can, check_may
from ngc_pipelines.flows.application import accepted_form, fault_data, read_list
from ngc_pipelines.flows.site import Site
from ngc_pipelines.register.decisions import faults_of_texts
from ngc_pipelines.register.fold import Standing
from ngc_pipelines.register.register import Entry
from ngc_pipelines.register.steps import Step


def build(site: Site, step: Step) -> tuple[CohortManifest | None, Standing]:
    """Do the step `cohort_manifest`; the manifest is None where the case waits for somebody now."""
    folder, form = accepted_form(site, step.standing)
    try:
        manifest = _manifest(site, step.standing, folder, form)
    except PasswordNeededError:
        letters = site.correspondence.list_locked(step.case)
        return None, step.record(Did.LIST_LOCKED, {}, letters)
    except Refused as refused:
        return None, _return(site, step, refused)
    within = persons_within_approval(form, manifest.persons)
    if within:
        return None, _return(site, step, Refused(within, tried="The cohort was counted"))
    data = {"digest": manifest.digest, "number_references": manifest.number_references_version}
    return manifest, step.record(Did.COHORT_FOUND, data)


def filter_by_var(site: Site, step: Step) -> tuple[VarFilterResult, Standing]:
    """Do the step `var_filtered_cohort`: read VAR now, close the account, and tell the applicant the counts.

    Counts that would tell about single persons beside those of an earlier order are held back for a case officer, whose
    decision holds for the cohort that was judged: where VAR has changed it since, it is held against the others anew.
    """
    manifest = site.cohorts.manifest(step.case)
    if manifest is None or manifest.digest != step.standing.value(Did.COHORT_FOUND, "digest"):
        raise _other_cohort(step.case)
    result = site.cohorts.filter_by_var(step.case, now=site.now())
    if result.manifest_digest != manifest.digest or not site.cohorts.verify(step.case):
        raise _other_cohort(step.case)
    data = {
        "digest": result.digest,
        "manifest": result.manifest_digest,
        "var": {"delivery": result.var_version.delivery, "digest": result.var_version.digest},
    }
    withheld = _decided(step.standing, Did.COUNTS_WITHHELD, result)
    if not withheld:
        released = _decided(step.standing, Did.COUNTS_RELEASED, result)
        threshold = site.settings.policy.threshold
        close = site.cohorts.tell_counts(step.case, threshold=threshold, now=site.now(), regardless=released)
        if close and not released:
            held = {**data, "faults": [fault_data(_held_against(order, threshold)) for order in close]}
            return result, step.record(Did.COUNTS_HELD, held, site.correspondence.counts_held(step.case))
    told = site.correspondence.account(result, withheld=withheld)
    letters = site.correspondence.counts(step.standing, told, site.now())
    data["told"] = dict(site.correspondence.told_counts(told))
    return result, step.record(Did.COUNTS_TOLD, data, letters)


def _decided(standing: Standing, event: Did, result: VarFilterResult) -> bool:
    """Whether that was the last decision about the counts of this very cohort."""
    held = standing.facts.get(Did.COUNTS_HELD)
    return held is not None and standing.facts.get(event, {}).get("judged") == result.digest == held["digest"]


def _held_against(order: TooClose, threshold: int) -> Fault:
    da, en = zip(*(MEASURE_WORDS[measure] for measure in order.measures), strict=True)
    return Fault(
        "CO-4",
        order.case_id,
        f"Bestillingen adskiller sig med færre end {threshold} fra den, der blev meddelt {order.told_on}, i "
        f"{', '.join(da)}. Antallene ville tilsammen røbe enkelte personer.",
        f"The order differs by fewer than {threshold} from the one that was told on {order.told_on}, in "
        f"{', '.join(en)}. The counts together would tell about single persons.",
    )


def unlock_list(site: Site, case: CaseId, password: str, by: Person, why: str) -> Standing:
    """Open an encrypted CPR list with the password that was agreed, and build its cohort.

    The password is used here and kept nowhere, which is why this is done from a terminal and not from the launchpad,
    whose configuration is stored. Raises WrongPasswordError where it does not open the list, Refused where the state
    or the person does not allow it.
    """
    standing = site.register.standing(case)
    check_may(check_can(EXHIBITION, standing.state.name, Did.LIST_OPENED), by)
    faults = faults_of_texts(why, by.name)
    if faults:
        raise Refused(faults, tried=f"The list of case {case} was to be unlocked")
    folder, form = accepted_form(site, standing)
    manifest = _from_list(site, standing, folder, form, password)
    data = {"manifest": manifest.digest, "why": why}
    entry = Entry(Did.LIST_OPENED, by, data, number=standing.number)
    return site.register.record(case, entry, site.now())


def _manifest(site: Site, standing: Standing, folder: HandedIn, form: ApplicationForm) -> CohortManifest:
    if form.order.criteria is not None:
        return site.cohorts.build_from_criteria(standing.case, form.order.criteria, now=site.now())
    unlocked = standing.facts.get(Did.LIST_OPENED)
    if unlocked is None:
        return _from_list(site, standing, folder, form, None)
    manifest = site.cohorts.manifest(standing.case)
    if manifest is None or manifest.digest != unlocked["manifest"]:
        raise _other_cohort(standing.case)
    return manifest


def _from_list(
    site: Site, standing: Standing, folder: HandedIn, form: ApplicationForm, password: str | None
) -> CohortManifest:
    documents = standing.value(Did.ACCEPTED, "documents")
    sha256 = documents[form.order.cpr_list]
    result = read_list(site.intake, folder, form, sha256, site.today(), password)
    result.refuse_if_faulty()
    # An approval that names criteria covers no more of the persons on a list than what meets them.
    within = form.ethics_approval.covers.criteria if form.ethics_approval else None
    return site.cohorts.build_from_list(standing.case, result.numbers.copy_blocks(), now=site.now(), within=within)


def _return(site: Site, step: Step, refused: Refused) -> Standing:
    accepted = step.standing.fact(Did.ACCEPTED)
    data = {
        "fingerprint": accepted["fingerprint"],
        "contact": accepted["contact"],
        "faults": [fault_data(fault) for fault in refused.faults],
    }
    letters = site.correspondence.returned(step.case, accepted["contact"], refused.faults, site.now())
    return step.record(Did.RETURNED, data, letters)


def _other_cohort(case: CaseId) -> IntegrityFault:
    return IntegrityFault(
        f"The cohort of case {case} was read",
        "it is not the one that was recorded on the case",
        "Find out who changed the cohort's tables; then let the application be handed in again.",
    )
