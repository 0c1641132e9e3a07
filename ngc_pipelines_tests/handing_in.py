"""Applications as applicants hand them in: the published example with a list of one's own, put into the intake area."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

EXAMPLE = Path(__file__).resolve().parent.parent / "docs" / "examples" / "application"
ACRONYM = "HJERTEGEN"


def form(change: Callable[[dict[str, Any]], object] | None = None) -> bytes:
    """The example's `submission.yaml`, changed; its approval covers persons by their number alone."""
    content = copy.deepcopy(yaml.safe_load((EXAMPLE / "submission.yaml").read_text(encoding="utf-8")))
    del content["ethics_approval"]["covers"]["persons"]["criteria"]
    if change is not None:
        change(content)
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False).encode()


def cpr_list(numbers: Iterable[str], acronym: str = ACRONYM) -> bytes:
    """A CPR list as CO-1 wants it."""
    rows = "".join(f"{index};{number}\r\n" for index, number in enumerate(numbers, 1))
    return f"{acronym}\r\nserienummer;CPR-nummer\r\n{rows}".encode()


def hand_in(
    client: S3Client,
    bucket: str,
    name: str,
    *,
    numbers: Iterable[str] | None = None,
    change: Callable[[dict[str, Any]], object] | None = None,
    listed: bytes | None = None,
    list_name: str = "cpr-liste.csv",
) -> str:
    """Put an application into the intake area, `submission.yaml` last; gives its folder."""
    folder = f"intake/applications/{name}/"
    for file in sorted(EXAMPLE.iterdir()):
        if file.suffix == ".pdf":
            client.put_object(Bucket=bucket, Key=folder + file.name, Body=file.read_bytes())
    if listed is None and numbers is not None:
        listed = cpr_list(numbers)
    if listed is not None:
        client.put_object(Bucket=bucket, Key=folder + list_name, Body=listed)
    client.put_object(Bucket=bucket, Key=folder + "submission.yaml", Body=form(change))
    return folder
