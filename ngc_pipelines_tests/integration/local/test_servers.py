"""The embedded servers: they let nobody in unasked, and come back when they are killed."""

from __future__ import annotations

import os
import smtplib
from collections.abc import Callable
from email.message import EmailMessage
from typing import TYPE_CHECKING

import psutil
import psycopg
import pytest
import sqlalchemy as sa

from ngc_pipelines.adapters.object_store.clients import s3_client
from ngc_pipelines.local.databases import DATABASES, ROLES
from ngc_pipelines.local.mail import MailServer
from ngc_pipelines.local.postgres import PostgresServer
from ngc_pipelines.local.processes import Supervisor
from ngc_pipelines.local.seaweedfs import ObjectStoreServer
from ngc_pipelines.local.sftp import SftpServer
from ngc_pipelines.settings import Database, ObjectStore

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

EVERY_SERVER = ("PostgreSQL", "SeaweedFS", "SFTP", "mail")


@pytest.fixture
def whole_site(
    postgres: PostgresServer,
    object_store: ObjectStoreServer,
    sftp_server: SftpServer,
    mail_server: MailServer,
    supervisor: Supervisor,
) -> Supervisor:
    """All four servers, up."""
    assert set(supervisor.names()) == set(EVERY_SERVER)
    return supervisor


def test_every_server_listens_on_loopback_alone(whole_site: Supervisor) -> None:
    for name in EVERY_SERVER:
        family = psutil.Process(whole_site.pid(name))
        listening = [
            connection.laddr.ip
            for process in (family, *family.children(recursive=True))
            for connection in process.net_connections("inet")
            if connection.status == psutil.CONN_LISTEN
        ]
        assert set(listening) == {"127.0.0.1"}, f"{name} listens on {listening}"


@pytest.mark.parametrize("name", EVERY_SERVER)
def test_a_killed_server_comes_back_on_the_same_port(whole_site: Supervisor, name: str) -> None:
    before = whole_site.pid(name)
    os.kill(before, 9)
    whole_site.wait_restarted(name, before)
    assert name in whole_site.restarts
    assert whole_site.failure is None


def test_what_was_stored_survives_the_death_of_the_object_store(
    supervisor: Supervisor, s3: S3Client, s3_settings: ObjectStore
) -> None:
    s3.put_object(Bucket=s3_settings.records_bucket, Key="kept", Body=b"still here")
    before = supervisor.pid("SeaweedFS")
    os.kill(before, 9)
    supervisor.wait_restarted("SeaweedFS", before)
    assert s3.get_object(Bucket=s3_settings.records_bucket, Key="kept")["Body"].read() == b"still here"


def test_what_was_committed_survives_the_death_of_postgresql(
    supervisor: Supervisor, postgres: PostgresServer, register_database: Database
) -> None:
    assert register_database.owner_url is not None
    engine = sa.create_engine(register_database.owner_url, poolclass=sa.NullPool)
    with engine.begin() as session:
        session.execute(sa.text("CREATE TABLE kept AS SELECT 42 AS answer"))
    before = supervisor.pid("PostgreSQL")
    os.kill(before, 9)
    supervisor.wait_restarted("PostgreSQL", before)
    with engine.begin() as session:
        assert session.execute(sa.text("SELECT answer FROM kept")).scalar_one() == 42


def test_no_role_of_the_site_is_a_superuser_or_may_make_roles(postgres: PostgresServer) -> None:
    with postgres.superuser("postgres") as session:
        rows = session.execute(
            "SELECT rolname, rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls FROM pg_roles"
            " WHERE rolname = ANY(%s)",
            [list(ROLES)],
        ).fetchall()
    assert dict(rows) == dict.fromkeys(ROLES, False)


def test_a_role_reaches_only_the_databases_it_is_for(
    postgres: PostgresServer, new_database: Callable[[str], Database]
) -> None:
    names = {kind: new_database(kind).url.rpartition("/")[2] for kind in DATABASES if kind != "dagster"}
    for kind, name in names.items():
        for role in ROLES:
            if role in (DATABASES[kind].owner, DATABASES[kind].runtime):
                psycopg.connect(postgres.conninfo(role, name)).close()
            else:
                with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                    psycopg.connect(postgres.conninfo(role, name))


def test_a_wrong_password_opens_no_session(postgres: PostgresServer) -> None:
    conninfo = psycopg.conninfo.make_conninfo(postgres.conninfo("ngc_pipeline", "postgres"), password="wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(conninfo)


def test_postgresql_writes_no_value_of_a_violated_constraint_into_its_log(
    postgres: PostgresServer, register_database: Database
) -> None:
    assert register_database.owner_url is not None
    engine = sa.create_engine(register_database.owner_url, poolclass=sa.NullPool)
    with engine.begin() as session:
        session.execute(sa.text("CREATE TABLE told (secret text PRIMARY KEY)"))
    for _ in range(2):
        try:
            with engine.begin() as session:
                session.execute(sa.text("INSERT INTO told VALUES ('a-value-nobody-may-see')"))
        except sa.exc.IntegrityError:
            break
    else:
        pytest.fail("the second row should have been refused")
    written = postgres.program().log.read_text(encoding="utf-8", errors="replace")
    assert "duplicate key" in written
    assert "a-value-nobody-may-see" not in written


def test_the_object_store_refuses_a_wrong_secret(object_store: ObjectStoreServer) -> None:
    client = s3_client(object_store.settings(), access_key=object_store.access_key, secret_key="wrong")
    with pytest.raises(client.exceptions.ClientError, match="SignatureDoesNotMatch"):
        client.list_buckets()


def test_a_letter_handed_over_lies_in_the_maildir(mailbox: MailServer) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "a@ngc.example", "b@ku.example", "Ansøgning modtaget"
    letter.set_content("Kære ansøger\n")
    with smtplib.SMTP(mailbox.settings().host, mailbox.port) as session:
        session.send_message(letter)
    (received,) = mailbox.letters()
    assert received["Subject"] == "Ansøgning modtaget"
    assert received.get_content() == "Kære ansøger\n"
