"""The embedded site's settings are the ones that production has."""

from __future__ import annotations

from pathlib import Path

from ngc_pipelines.local.processes import Supervisor
from ngc_pipelines.local.site import Site
from ngc_pipelines.settings import load_settings


def test_the_site_gives_settings_that_load_and_name_no_owner(tmp_path: Path) -> None:
    told: list[str] = []
    with Supervisor() as supervisor:
        site = Site(tmp_path / "site", tmp_path, supervisor, told.append)
        settings = load_settings(site.environ())
    assert settings.genome.owner_url is settings.register.owner_url is settings.vault.owner_url is None
    assert "_owner" not in "".join(site.environ().values())
    assert settings.s3.endpoint.startswith("http://127.0.0.1:")
    assert settings.mail.host == "127.0.0.1"
    assert settings.dagster.ui_url == site.ui_url
    assert site.environ()["DAGSTER_POSTGRES_URL"].startswith("postgresql+psycopg2://ngc_dagster:")
