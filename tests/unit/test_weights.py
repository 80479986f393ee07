import hashlib

import pytest

from webapp.errors import BackendUnavailable
from webapp.pose import weights
from webapp.pose.backends import engines, open_backend
from webapp.pose.weights import Weights

CONTENT = b"weights" * 10
HASH = hashlib.sha256(CONTENT).hexdigest()
ROW = Weights("tiny", "tiny.tflite", "MIT", size=len(CONTENT), sha256=HASH, npm="@who/tiny")


def place(folder, content=CONTENT):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tiny.tflite").write_bytes(content)
    return folder / "tiny.tflite"


def test_the_users_folder_comes_before_the_checkouts(tmp_path):
    place(tmp_path / "models" / "weights")
    own = place(tmp_path / "own")
    assert weights.find(ROW, [tmp_path / "own"], root=tmp_path) == own


def test_weights_are_found_in_their_npm_package(tmp_path):
    path = place(tmp_path / "node_modules" / "@who" / "tiny")
    assert weights.find(ROW, root=tmp_path) == path


@pytest.mark.parametrize("content", [CONTENT[:-1], b"x" + CONTENT[1:]])
def test_a_file_of_another_size_or_hash_is_refused_with_the_command_that_mends_it(tmp_path, content):
    place(tmp_path / "models" / "weights", content)
    with pytest.raises(BackendUnavailable, match=r"is not the file .* run `make setup`"):
        weights.find(ROW, root=tmp_path)


def test_a_wrong_file_does_not_hide_the_right_one(tmp_path):
    place(tmp_path / "own", b"half a download")
    path = place(tmp_path / "models" / "weights")
    assert weights.find(ROW, [tmp_path / "own"], root=tmp_path) == path


def test_a_file_that_was_mended_is_seen_at_once(tmp_path):
    path = place(tmp_path / "models" / "weights", b"x" * len(CONTENT))
    with pytest.raises(BackendUnavailable):
        weights.find(ROW, root=tmp_path)
    place(tmp_path / "models" / "weights")
    assert weights.find(ROW, root=tmp_path) == path


def test_missing_weights_are_named_with_the_command_that_brings_them(tmp_path):
    with pytest.raises(BackendUnavailable, match=r"tiny\.tflite.* run `make setup`"):
        weights.find(ROW, root=tmp_path)


def test_weights_without_a_package_are_fetched_by_name(tmp_path):
    row = Weights("tiny", "tiny.tflite", "MIT", size=1, url="https://example.org/tiny")
    with pytest.raises(BackendUnavailable, match="run `posecoach models fetch tiny`"):
        weights.find(row, root=tmp_path)


def test_a_manifest_that_is_broken_says_so(tmp_path):
    path = tmp_path / "manifest.toml"
    path.write_text("[tiny]\nsize = 3\n")
    with pytest.raises(BackendUnavailable, match=r"manifest\.toml"):
        weights.manifest(path)


def test_every_engines_weights_are_in_the_manifest():
    known = weights.manifest()
    assert {name for row in engines().values() for name in row.weights} <= set(known)


def test_every_row_of_the_manifest_is_listed_and_can_be_fetched():
    for row in weights.manifest().values():
        assert (row.size > 0 and len(row.sha256) == 64) or len(row.git_blob) == 40
        assert row.licence
        assert row.npm or row.url.startswith("https://")


def test_an_unknown_engine_is_refused_with_the_names_of_those_usable_here(tmp_path, monkeypatch):
    monkeypatch.setattr(weights, "ROOT", tmp_path)
    with pytest.raises(BackendUnavailable, match="blazepose-full") as refused:
        open_backend("blazepose-huge", models=[tmp_path])
    assert "efficientpose" not in str(refused.value)
    assert "`posecoach models` lists all engines" in str(refused.value)


def test_replay_without_a_recording_names_the_flag_it_needs():
    with pytest.raises(BackendUnavailable, match="--series"):
        open_backend("replay")


def test_replay_of_a_missing_recording_is_unavailable(tmp_path):
    with pytest.raises(BackendUnavailable, match=r"gone\.npz"):
        open_backend("replay", series=tmp_path / "gone.npz")
