"""The settings of an installation, read from an environment given as a mapping."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from postroom.ground.config import Config, LogFormat, LogLevel
from postroom.ground.errors import Invalid


def test_an_empty_environment_gives_a_closed_installation(tmp_path: Path) -> None:
    config = Config.from_environment({"HOME": str(tmp_path)})
    assert config.data_folder == tmp_path / ".local/share/postroom"
    assert config.blob_folder == tmp_path / ".local/share/postroom/blobs"
    assert (config.bind_host, config.bind_port, config.base_url) == (
        "127.0.0.1",
        8080,
        "http://127.0.0.1:8080",
    )
    assert config.database_url is None
    assert config.allow_networks == ()


def test_the_demo_stays_in_the_checkout_and_may_reach_loopback() -> None:
    config = Config.for_demo({"HOME": "/nowhere"})
    assert config.data_folder == Path(".demo").resolve()
    assert ip_network("127.0.0.0/8") in config.allow_networks


def test_every_variable_is_read(tmp_path: Path) -> None:
    config = Config.from_environment(
        {
            "DATABASE_URL": "postgresql://db/postroom",
            "PG_BIN": "/opt/pg/bin",
            "POSTROOM_DATA": str(tmp_path),
            "POSTROOM_BIND": "[::]:81",
            "POSTROOM_BASE_URL": "https://crm.example.com/",
            "POSTROOM_KEY": "a:b",
            "POSTROOM_BLOBS": "file:///srv/my%20blobs",
            "POSTROOM_ALLOW_NETWORKS": "10.0.0.0/8, fd00::/8",
            "POSTROOM_WORKERS": "3",
            "POSTROOM_DATABASE_CONNECTIONS": "7",
            "POSTROOM_RATE_LIMIT": "0",
            "POSTROOM_WEB_PROCESSES": "4",
            "POSTROOM_LOG_LEVEL": "DEBUG",
            "POSTROOM_LOG_FORMAT": "json",
        }
    )
    assert config == Config(
        data_folder=tmp_path,
        blob_folder=Path("/srv/my blobs"),
        database_url="postgresql://db/postroom",
        postgres_bin=Path("/opt/pg/bin"),
        bind_host="::",
        bind_port=81,
        base_url="https://crm.example.com",
        sealing_keys="a:b",
        allow_networks=(ip_network("10.0.0.0/8"), ip_network("fd00::/8")),
        worker_concurrency=3,
        database_connections=7,
        rate_limit=0,
        web_processes=4,
        log_level=LogLevel.DEBUG,
        log_format=LogFormat.JSON,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POSTROOM_BIND", "8080"),
        ("POSTROOM_BIND", "host:99999"),
        ("POSTROOM_BASE_URL", "crm.example.com"),
        ("POSTROOM_BLOBS", "s3://bucket"),
        ("POSTROOM_ALLOW_NETWORKS", "10.0.0.0/99"),
        ("POSTROOM_WORKERS", "0"),
        ("POSTROOM_RATE_LIMIT", "-1"),
        ("POSTROOM_WEB_PROCESSES", "0"),
        ("POSTROOM_LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_value_stops_the_start_with_its_name(name: str, value: str) -> None:
    with pytest.raises(Invalid, match=name):
        Config.from_environment({"HOME": "/nowhere", name: value})


def test_secrets_do_not_show_when_the_settings_are_printed() -> None:
    config = Config.from_environment(
        {"HOME": "/n", "DATABASE_URL": "postgresql://u:hunter2@db/p", "POSTROOM_KEY": "k:sss"}
    )
    assert "hunter2" not in repr(config)
    assert "sss" not in repr(config)
