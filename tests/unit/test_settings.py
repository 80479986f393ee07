from dataclasses import fields
from pathlib import Path

import pytest

from webapp.errors import SettingsError
from webapp.settings import ROOT, Settings, flag, from_sources, misspelt, table, variable


def test_without_flags_and_environment_the_defaults_hold():
    assert from_sources({}, {}) == Settings()


def test_a_flag_goes_before_the_environment_and_that_before_the_default():
    environment = {"POSECOACH_PORT": "6000", "POSECOACH_HOST": "0.0.0.0"}
    settings = from_sources({"port": "7000", "host": None}, environment)
    assert (settings.port, settings.host, settings.backend) == (7000, "0.0.0.0", Settings().backend)


def test_every_setting_can_be_given_either_way():
    samples = {int: "3", float: "2.5", str: "f32"}
    for one in fields(Settings):
        choices = one.metadata["choices"]
        sample = choices[-1] if choices else samples.get(one.type, "some/folder")
        sample = "1000" if one.metadata["least"] == 1000 else sample
        by_flag = from_sources({one.name: sample}, {})
        by_environment = from_sources({}, {variable(one.name): sample})
        assert str(getattr(by_flag, one.name)) == sample
        assert by_flag == by_environment


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("port", "http", "a whole number from 0 to 65535"),
        ("port", "65536", "a whole number from 0 to 65535"),
        ("port", "1.5", "a whole number from 0 to 65535"),
        ("workers", "0", "a whole number from 1 to 256"),
        ("max_frame_pixels", "16777217", "a whole number from 1 to 16777216"),
        ("resume_grace_s", "nan", "a number from 0 on"),
        ("resume_grace_s", "-1", "a number from 0 on"),
        ("precision", "f16", "auto, f32, mixed, bf16"),
        ("log_level", "loud", "debug, info, warning, error"),
        ("host", "", "leave it out"),
    ],
)
def test_a_wrong_value_is_named_with_its_source_and_the_allowed_values(name, value, allowed):
    for source, build in (
        (flag(name), lambda: from_sources({name: value}, {})),
        (variable(name), lambda: from_sources({}, {variable(name): value})),
    ):
        with pytest.raises(SettingsError) as caught:
            build()
        assert source in str(caught.value)
        assert allowed in str(caught.value)
        assert value in str(caught.value)


def test_a_misspelt_variable_is_named_with_the_nearest_setting():
    environment = {"POSECOACH_PASSWROD": "x", "POSECOACH_TURTLE": "y", "POSECOACH_PORT": "6000", "PATH": "/bin"}
    assert misspelt(environment) == [
        "POSECOACH_PASSWROD is no setting; did you mean POSECOACH_PASSWORD?",
        "POSECOACH_TURTLE is no setting.",
    ]


def test_the_database_lies_in_the_data_folder_unless_a_url_is_given():
    assert from_sources({"data": "/srv/pose"}, {}).store_url == "sqlite:////srv/pose/posecoach.db"
    assert from_sources({"store": "memory:"}, {}).store_url == "memory:"


def test_a_folder_may_begin_at_home():
    assert from_sources({"data": "~/coach"}, {}).data == Path.home() / "coach"


def test_the_readme_holds_the_table_of_settings():
    readme = (ROOT / "README.md").read_text()
    _, found, rest = readme.partition("<!-- settings -->\n")
    assert found, "the README has no place for the settings"
    assert rest.partition("\n<!-- /settings -->")[0] == table()


def test_no_default_shown_names_a_path_of_this_machine():
    assert str(ROOT.parent) not in table()
