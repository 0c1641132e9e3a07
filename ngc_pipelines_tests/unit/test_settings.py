"""Settings: every fault is told at once, by the variable's name and never with its value."""

from __future__ import annotations

from pathlib import Path

import pytest

from ngc_pipelines.settings import SettingsError, load_settings, variable

WHOLE = {
    "NGC_GENOME_URL": "postgresql+psycopg://u:secret-1@h/genome",
    "NGC_REGISTER_URL": "postgresql+psycopg://u:secret-2@h/register",
    "NGC_VAULT_URL": "postgresql+psycopg://u:secret-3@h/vault",
    "NGC_VAULT_SITE_KEY_FILE": "/etc/ngc/site-key",
    "NGC_S3_ENDPOINT": "https://s3.ngc.example/",
    "NGC_S3_ACCESS_KEY": "pipeline",
    "NGC_S3_SECRET_KEY": "secret-4",
    "NGC_MAIL_HOST": "mail.ngc.example",
}


def test_settings_are_read_from_the_environment_that_is_given() -> None:
    settings = load_settings(WHOLE | {"NGC_POLICY_THRESHOLD": "7", "PATH": "/bin"})
    assert settings.genome.url == WHOLE["NGC_GENOME_URL"]
    assert settings.s3.endpoint == "https://s3.ngc.example"
    assert settings.policy.threshold == 7
    assert settings.policy.provisioning == "headers"
    assert settings.genome.owner_url is None


def test_every_missing_variable_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as refusal:
        load_settings({})
    assert {fault.split()[0] for fault in refusal.value.faults} == set(WHOLE)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("NGC_GENOME_URL", "postgresql://u:hidden@h/db", "must begin with postgresql+psycopg://"),
        ("NGC_S3_ENDPOINT", "hidden.example", "must begin with http:// or https://"),
        ("NGC_POLICY_THRESHOLD", "1", "greater than or equal to 2"),
        ("NGC_POLICY_THRESHOLD", "hidden", "integer"),
        ("NGC_POLICY_PROVISIONING", "hidden", "'headers' or 'names'"),
        ("NGC_MAIL_PORT", "65536", "less than or equal to 65535"),
        ("NGC_S3_ENVIRONMENT_PREFIX", "HIDDEN_", "match pattern"),
        ("NGC_S3_SECRET_KEY", "", "is not set"),
    ],
)
def test_a_bad_value_is_told_by_name_and_rule_and_never_shown(name: str, value: str, told: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        load_settings(WHOLE | {name: value})
    (fault,) = refusal.value.faults
    assert fault.startswith(name)
    assert told in fault
    assert "hidden" not in str(refusal.value).lower().replace(name.lower(), "")


def test_a_misspelt_variable_is_refused_instead_of_being_a_silent_default() -> None:
    with pytest.raises(SettingsError, match="NGC_POLICY_TRESHOLD is no setting"):
        load_settings(WHOLE | {"NGC_POLICY_TRESHOLD": "10"})


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("from-the-file\n")
    environ = {name: value for name, value in WHOLE.items() if name != "NGC_S3_SECRET_KEY"}
    assert load_settings(environ | {"NGC_S3_SECRET_KEY_FILE": str(file)}).s3.secret_key == "from-the-file"
    with pytest.raises(SettingsError, match="NGC_S3_SECRET_KEY_FILE names a file that cannot be read"):
        load_settings(environ | {"NGC_S3_SECRET_KEY_FILE": str(tmp_path / "none")})


def test_no_secret_is_in_the_text_of_the_settings() -> None:
    assert "secret-" not in repr(load_settings(WHOLE | {"NGC_MAIL_PASSWORD": "secret-5"}))


def test_a_variable_is_named_after_its_group_and_field() -> None:
    assert variable("s3", "endpoint") == "NGC_S3_ENDPOINT"
