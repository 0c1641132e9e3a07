"""The two applications that the demo hands in: folders as an applicant would make them, about synthetic persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

FIELDS = ("sex", "age", "sample_type", "sequencing_date")


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies: a name, where letters go, and the user that is to get access."""

    name: str
    email: str
    hpc_user: str


@dataclass(frozen=True, slots=True)
class Project:
    """What is applied for.

    Args:
        acronym: without whitespace, new for every run: one project has one case.
        title: by which the demo finds its case again.
        applicant: the principal investigator.
        as_of: the day of the application; everything in it is in force then.
    """

    acronym: str
    title: str
    applicant: Applicant
    as_of: date


def write_list_application(folder: Path, project: Project, numbers: Sequence[str]) -> Path:
    """Writes the folder of an application by CPR list.

    Args:
        numbers: ten digits each; written with and without hyphen, as people do.
    """
    lines = [project.acronym, "serienummer;CPR-nummer"]
    for index, number in enumerate(numbers, start=1):
        lines.append(f"{index};{number[:6]}-{number[6:]}" if index % 2 else f"{index};{number}")
    covers = {"persons": {"maximum": 200}}
    return _write(folder, project, covers, {"cpr_list": {"file": "cpr-liste.csv"}}, {"cpr-liste.csv": lines})


def write_criteria_application(folder: Path, project: Project, criteria: Mapping[str, Any]) -> Path:
    """Writes the folder of an application by metadata criteria, which the approval covers exactly."""
    covers = {"persons": {"criteria": dict(criteria)}}
    return _write(folder, project, covers, {"criteria": dict(criteria)}, {})


def _write(
    folder: Path, project: Project, covers: dict[str, Any], order: dict[str, Any], tables: Mapping[str, Sequence[str]]
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    started = project.as_of - timedelta(days=200)
    who = project.applicant
    submission = {
        "schema": "ngc.application/1",
        "project": {
            "acronym": project.acronym,
            "title": project.title,
            "purpose": "En demonstration med syntetiske personer: hvilke varianter forklarer sygdommen?",
            "personalised_medicine": True,
        },
        "principal_investigator": {"name": who.name, "email": who.email},
        "institution": {
            "name": "Eksempel Universitetshospital",
            "country": "DK",
            "research_institution": True,
            "authorisation": {
                "authority": "DST",
                "reference": f"DST-{project.acronym}",
                "valid_from": started,
                "document": "autorisation.pdf",
            },
        },
        "ethics_approval": {
            "committee": "National Videnskabsetisk Komité",
            "number": f"NVK-{project.acronym}",
            "approved_on": started,
            "valid_to": project.as_of + timedelta(days=900),
            "document": "vek-godkendelse.pdf",
            "covers": covers | {"fields": [*FIELDS, "patient_group", "material_type"]},
        },
        "agreement": {"existing": True, "reference": f"NGC-INFRA-{project.acronym}"},
        "order": order | {"fields": list(FIELDS)},
        "exports": [
            {"kind": "aggregated_tables", "description": "Antal bærere fordelt på køn og alder, mindst 5 i hver celle."}
        ],
        "users": [
            {"name": who.name, "email": who.email, "hpc_user": who.hpc_user, "approved_on": project.as_of},
        ],
    }
    for name, lines in tables.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name in ("autorisation.pdf", "vek-godkendelse.pdf"):
        (folder / name).write_bytes(_page(f"{name.removesuffix('.pdf')} for {project.acronym}"))
    text = yaml.dump(submission, Dumper=_Plain, allow_unicode=True, sort_keys=False)
    (folder / "submission.yaml").write_text(text, encoding="utf-8")
    return folder


class _Plain(yaml.SafeDumper):
    """YAML as people write it: a value that occurs twice is written twice (aliases are refused)."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the name is PyYAML's
        """Always."""
        return True


def _page(text: str) -> bytes:
    """A PDF of one page with one line of ASCII text."""
    stream = f"BT /F1 14 Tf 72 720 Td ({text}) Tj ET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + trailer
