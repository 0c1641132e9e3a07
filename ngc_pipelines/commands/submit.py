"""`ngc submit application FOLDER`: checks a folder as the intake does, and hands it in.

Here: reading the local folder, and putting it into the intake area so that it counts only when it is whole.
Not here: the rules (`domain/applications`, `domain/cpr_list`).
"""

import argparse
import hashlib
import re
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ngc_pipelines.commands.arguments import day, printable
from ngc_pipelines.domain.submissions import MAX_BYTES, SUBMISSION_FILE

if TYPE_CHECKING:
    from ngc_pipelines.domain.application_form import ApplicationForm
    from ngc_pipelines.domain.errors import Fault, Unavailable

_FOLDER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    flows = parser.add_subparsers(dest="flow", required=True, metavar="FLOW")
    application = flows.add_parser("application", help="an application for exhibition")
    application.add_argument("folder", type=Path, metavar="FOLDER", help=f"its documents and {SUBMISSION_FILE}")
    application.add_argument(
        "--check-only", action="store_true", help="check and stop there; needs no server and no settings"
    )
    application.add_argument("--as-of", type=day, metavar="DATE", help="the day approvals must be in force on (today)")
    application.add_argument(
        "--password-file", type=Path, metavar="FILE", help="holds the password of an encrypted list, to check it too"
    )
    application.add_argument(
        "--name", metavar="NAME", help="name of the folder in the intake area; made of acronym and approval if left out"
    )


def run(args: argparse.Namespace) -> int:
    """Check and hand in: 0 handed in, 1 refused with every fault, 2 could not be done."""
    from ngc_pipelines.commands.check_list import read_password

    folder: Path = args.folder
    if not folder.is_dir():
        sys.stderr.write(
            f"ngc submit: der er ingen mappe af det navn / there is no folder of that name: {printable(folder)}\n"
        )
        return 2
    if args.name is not None and not _FOLDER_NAME.fullmatch(args.name):
        sys.stderr.write(
            "ngc submit: --name tager bogstaver, tal, punktum, - og _, højst 100 / "
            "--name takes letters, digits, dots, - and _, at most 100\n"
        )
        return 2
    as_of = args.as_of or datetime.now(UTC).astimezone().date()
    form, faults, locked = check_application_folder(folder, as_of, read_password(args.password_file))
    for fault in faults:
        sys.stderr.write(f"{fault.where} [{fault.rule}]: {fault.da}\n  {fault.en}\n")
    if form is None or faults:
        sys.stderr.write(_not_handed_in(len(faults)))
        return 1
    if locked:
        sys.stdout.write(
            "CPR-listen er krypteret og ikke kontrolleret (--password-file). / "
            "The CPR list is encrypted and was not checked (--password-file).\n"
        )
    if args.check_only:
        sys.stdout.write("Mappen kan indsendes. / The folder can be handed in.\n")
        return 0
    place = upload(folder, args.name or folder_name(form), _names(form))
    sys.stdout.write(f"Indsendt: {place} / Handed in: {place}\n")
    return 0


def check_application_folder(
    folder: Path, as_of: date, password: str | None = None
) -> tuple["ApplicationForm | None", tuple["Fault", ...], bool]:
    """Hold a local folder against every rule of the intake.

    Returns:
        The form (None where it cannot be read), every fault at once, and whether the list could not be checked because
        it is encrypted and no password was given.
    """
    from ngc_pipelines.domain.application_form import Application, parse_application
    from ngc_pipelines.domain.applications import check_application
    from ngc_pipelines.domain.errors import Fault, Refused

    submission = folder / SUBMISSION_FILE
    if not submission.is_file():
        fault = Fault("AP-4", SUBMISSION_FILE, "Filen mangler i mappen.", "The file is missing from the folder.")
        return None, (fault,), False
    try:
        # No more than says that it is too large, however large it is.
        with submission.open("rb") as stream:
            form = parse_application(stream.read(MAX_BYTES + 1), as_of=as_of)
    except Refused as refused:
        return None, refused.faults, False
    sizes = {entry.name: entry.stat().st_size for entry in folder.iterdir() if entry.is_file()}
    digests = {name: _sha256(folder / name) for _, name in form.named_documents() if name in sizes}
    found = check_application(Application(form, sizes, digests, as_of))
    faults = [fault for found_here in found.values() for fault in found_here]
    list_faults, locked = _check_list(folder, form, sizes, as_of, password)
    return form, (*faults, *list_faults), locked


def folder_name(form: "ApplicationForm") -> str:
    """Name the folder in the intake area: the same project and approval give the same folder, so that a corrected
    application is taken up on its own case, and two projects never share one."""
    number = form.ethics_approval.number if form.ethics_approval else ""
    mark = hashlib.sha256(f"{form.acronym}\0{number}".encode()).hexdigest()[:10]
    return f"{re.sub(r'[^A-Za-z0-9]+', '-', form.acronym).strip('-') or 'application'}-{mark}"


def upload(folder: Path, name: str, files: tuple[str, ...]) -> str:
    """Put the files into the intake area, `submission.yaml` last; gives the folder there.

    A folder that was handed in before loses its `submission.yaml` first: half of the old and half of the new must
    never count as handed in. Raises Unavailable where the store does not answer.
    """
    from ngc_pipelines.adapters.intake import PREFIXES
    from ngc_pipelines.adapters.object_store.clients import s3_client, transfer_config
    from ngc_pipelines.adapters.object_store.faults import STORE_ERRORS
    from ngc_pipelines.domain.cases import Flow
    from ngc_pipelines.settings import load_object_store

    store = load_object_store()
    prefix = f"{PREFIXES[Flow.EXHIBITION]}{name}/"
    client = s3_client(store)
    try:
        client.delete_object(Bucket=store.intake_bucket, Key=prefix + SUBMISSION_FILE)
        for file in (*files, SUBMISSION_FILE):
            client.upload_file(str(folder / file), store.intake_bucket, prefix + file, Config=transfer_config())
    except (*STORE_ERRORS, _transfer_error()) as error:
        raise _not_stored(error) from None
    except KeyboardInterrupt:
        sys.stderr.write("Afbrudt: ansøgningen er ikke indsendt. / Interrupted: the application is not handed in.\n")
        raise
    finally:
        client.close()
    return prefix


def _not_handed_in(points: int) -> str:
    few = points == 1
    return f"Ikke indsendt: {points} punkt{'' if few else 'er'}. / Not handed in: {points} point{'' if few else 's'}.\n"


def _not_stored(error: Exception) -> "Unavailable":
    from ngc_pipelines.adapters.object_store.faults import code_of
    from ngc_pipelines.domain.errors import Unavailable

    # boto3 wraps what the store said while a file was uploaded.
    said = code_of(error.__context__ or error)
    return Unavailable(
        "Mappen skulle indsendes / the folder was to be handed in",
        f"objektlageret gjorde det ikke / the object store did not do it ({said})",
        "Ansøgningen er ikke indsendt. Kør samme kommando igen; bliver det ved, så se efter NGC_S3_…. / "
        "The application is not handed in. Run the same command again; if it stays so, look at the settings NGC_S3_….",
    )


def _transfer_error() -> type[Exception]:
    from boto3.exceptions import S3UploadFailedError

    return S3UploadFailedError


def _check_list(
    folder: Path, form: "ApplicationForm", sizes: dict[str, int], as_of: date, password: str | None
) -> tuple[tuple["Fault", ...], bool]:
    from ngc_pipelines.domain.applications import persons_within_approval
    from ngc_pipelines.domain.cpr_list import PasswordNeededError, WrongPasswordError, check_cpr_list

    name = form.order.cpr_list
    if name is None or not sizes.get(name):
        return (), False
    try:
        with (folder / name).open("rb") as stream:
            result = check_cpr_list(stream, file_name=name, as_of=as_of, acronym=form.acronym, password=password)
    except PasswordNeededError:
        return (), True
    except WrongPasswordError as wrong:
        return wrong.faults, False
    faults = tuple(fault.to_fault() for fault in result.faults)
    return (faults or persons_within_approval(form, len(result.numbers))), False


def _names(form: "ApplicationForm") -> tuple[str, ...]:
    """Give the files to hand in, each once: those that the form names, and nothing else that lies in the folder."""
    return tuple(dict.fromkeys(name for _, name in form.named_documents() if name != SUBMISSION_FILE))


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
