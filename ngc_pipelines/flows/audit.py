"""Verifying the audit chain and anchoring its end outside the database."""

from ngc_pipelines.flows.site import Site
from ngc_pipelines.register.verification import ChainReport, head, verify


def verify_and_anchor(site: Site) -> ChainReport:
    """Verify the chain against every anchor; where it is sound, keep its end in the object store.

    The end is read before the verification, so that what is anchored was verified.
    """
    end = head(site.register)
    report = verify(site.register, site.anchors.read())
    if report.sound and end.seq:
        site.anchors.write(end)
    return report
