"""Uploads on disk: one a person, few in total, private, and nothing left without an owner."""

import errno
import stat
import time

import pytest

from webapp import uploads as uploads_module
from webapp.errors import NoRoom, NoUpload, StoreError, TooMany, VideoTooLarge
from webapp.exercises import load_library
from webapp.pose.choice import EngineChoice
from webapp.records import Estimate
from webapp.store import open_store
from webapp.store.memory import MemoryStore
from webapp.uploads import Uploads, UploadSettings
from webapp.uploads.folder import MOST_TOLD, MOST_UPLOADS, TOLD_FOR_S, UPLOADS_PER_ADDRESS, Upload, UploadFolder
from webapp.uploads.messages import Chosen
from webapp.uploads.result import Result


@pytest.fixture
def folder(tmp_path):
    return UploadFolder(tmp_path / "uploads")


def upload(name: str = "a1", person: str = "me", **more) -> Upload:
    return Upload(name, person, "squat", "replay", **more)


def uploads(tmp_path, max_bytes=1000):
    settings = UploadSettings(EngineChoice("replay"), (), max_bytes, 60.0, keep_series=True)
    return Uploads(tmp_path / "uploads", settings, load_library(), open_store("memory:"))


def test_a_person_has_one_upload_at_a_time(folder):
    with folder.claim(upload("a1")):
        with pytest.raises(TooMany, match="cancel"):
            folder.claim(upload("a2"))
        folder.claim(upload("b1", person="other")).close()


def test_the_server_takes_few_uploads_at_a_time(folder):
    for number in range(MOST_UPLOADS):
        folder.claim(upload(f"a{number}", person=f"p{number}")).close()
    with pytest.raises(TooMany, match="few minutes"):
        folder.claim(upload("b", person="one more"))


def test_an_address_has_few_uploads_whatever_number_of_persons_it_says_to_be(folder):
    for number in range(UPLOADS_PER_ADDRESS):
        folder.claim(upload(f"a{number}", person=f"p{number}", address="192.0.2.1")).close()
    with pytest.raises(TooMany, match="your network"):
        folder.claim(upload("b", person="one more", address="192.0.2.1"))
    folder.claim(upload("c", person="one more", address="192.0.2.2")).close()
    folder.write(upload("a0", person="p0", state="failed", changed_at_s=time.time()))
    folder.claim(upload("d", person="another", address="192.0.2.1")).close()


def test_failed_uploads_take_no_place_and_the_newest_keep_their_reason(folder):
    now_s = time.time()
    for number in range(MOST_TOLD + 1):
        folder.claim(upload(f"a{number}", person=f"p{number}")).close()
        folder.write(upload(f"a{number}", person=f"p{number}", state="failed", changed_at_s=now_s - 300 + number))
    folder.claim(upload("b", person="one more")).close()
    assert {one.id for one in folder.all()} == {"b", *(f"a{number}" for number in range(1, MOST_TOLD + 1))}


def test_the_files_on_disk_are_private(folder, tmp_path):
    with folder.claim(upload()), folder.create_video("a1") as video:
        video.write(b"film")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "uploads").rglob("*")}
    assert modes["a1"] == stat.S_IMODE((tmp_path / "uploads").stat().st_mode) == 0o700
    assert modes["video"] == modes["status.json"] == 0o600


def test_a_killed_servers_uploads_are_removed_and_those_of_a_running_one_stay(folder, tmp_path):
    folder.claim(upload("gone", person="a")).close()  # as the system does with the locks of the dead
    folder.create_video("gone").close()
    (tmp_path / "uploads" / "half").mkdir()
    with folder.claim(upload("here", person="b")):
        UploadFolder(tmp_path / "uploads").remove_orphans()
        assert sorted(path.name for path in (tmp_path / "uploads").glob("*/")) == ["here"]


def test_waiting_uploads_know_their_place_and_a_dead_ones_is_free(folder):
    locks = [folder.claim(upload(name, person=name)) for name in ("a", "b", "c")]
    for arrived_s, name in enumerate(("b", "a", "c")):
        folder.write(upload(name, person=name, state="waiting", arrived_at_s=arrived_s))
    assert [one.id for one in folder.queue()] == ["b", "a", "c"]
    locks[0].close()
    assert [one.id for one in folder.queue()] == ["b", "c"]
    for lock in locks[1:]:
        lock.close()


def test_only_the_first_withdrawal_succeeds(folder):
    with folder.claim(upload()):
        folder.create_video("a1").close()
        assert folder.withdraw("a1")
        assert not folder.withdraw("a1")


def test_the_progress_of_a_removed_upload_cannot_be_stored(folder):
    with folder.claim(upload()):
        folder.drop("a1")
        with pytest.raises(NoUpload, match="upload it again"):
            folder.write(upload())


def test_why_an_upload_failed_can_be_read_until_its_person_sends_another_or_for_some_minutes(folder):
    now_s = time.time()
    for name, ago_s in (("old", TOLD_FOR_S + 1), ("new", 1), ("mine", 1)):
        folder.claim(upload(name, person=name)).close()
        folder.write(upload(name, person=name, state="failed", said="No.", changed_at_s=now_s - ago_s))
    folder.remove_orphans()
    assert folder.find("new").said == "No."
    folder.claim(upload("again", person="mine")).close()
    assert {one.id for one in folder.all()} == {"new", "again"}


@pytest.mark.parametrize("name", ["", "..", "../a1", "a1/status.json", "none"])
def test_no_name_leads_out_of_the_folder(folder, name):
    with folder.claim(upload()):
        assert folder.find(name) is None


def test_a_video_that_says_it_is_too_large_is_refused_before_it_is_read(tmp_path):
    with pytest.raises(VideoTooLarge, match="more than 1 MB"):
        uploads(tmp_path, max_bytes=1_000_000).check_length(1_000_001)


def test_a_video_for_which_there_is_no_room_is_refused_before_it_is_read(tmp_path):
    with pytest.raises(NoRoom, match="no room"):
        uploads(tmp_path, max_bytes=10**18).check_length(10**17)


def test_a_video_that_is_larger_than_it_said_is_refused_while_it_is_read(tmp_path):
    desk = uploads(tmp_path, max_bytes=1000)
    with pytest.raises(VideoTooLarge), desk.incoming("me", "squat", "replay") as (_, write):  # noqa: PT012 - it is read in pieces
        write(bytes(600))
        write(bytes(600))
    assert list((tmp_path / "uploads").glob("*/")) == []


def test_a_full_disk_is_reported_in_a_sentence(tmp_path):
    desk = uploads(tmp_path)
    with pytest.raises(NoRoom, match="disk is full"), desk.incoming("me", "squat", "replay") as (name, write):  # noqa: PT012 - see above
        video = UploadFolder(tmp_path / "uploads").video(name)
        write.args[0].close()
        video.unlink()
        with open("/dev/full", "wb", buffering=0) as full:  # noqa: PTH123 - a device that is always full
            write.func(full, *write.args[1:], b"one byte too many")
    assert list((tmp_path / "uploads").glob("*/")) == []


def test_another_persons_upload_is_as_if_it_were_not_there(tmp_path):
    desk = uploads(tmp_path)
    with UploadFolder(tmp_path / "uploads").claim(upload("a1", person="me")):
        assert desk.own("a1", "me").id == "a1"
        for person in ("other", None):
            with pytest.raises(NoUpload):
                desk.own("a1", person)
        assert desk.of_person("other") is None


def test_deleting_everything_leaves_no_upload(tmp_path):
    desk, folder = uploads(tmp_path), UploadFolder(tmp_path / "uploads")
    with folder.claim(upload("a1", person="me")), folder.claim(upload("b1", person="other")):
        folder.create_video("a1").close()
        desk.forget("me")
        assert [one.id for one in folder.all()] == ["b1"]


def kept_meanwhile(tmp_path, meanwhile) -> list[str]:
    """Store a workout, while something happens just after its video is removed; return what is stored of its person."""
    store = open_store("memory:")
    desk = Uploads(tmp_path / "uploads", uploads(tmp_path).settings, load_library(), store)
    store.begin("older", "squat", 1.0, "hash", "me")
    folder, one = UploadFolder(tmp_path / "uploads"), upload("a1")

    class Seeing(Result):
        def keep(self, *arguments):
            meanwhile(desk)
            super().keep(*arguments)

    seen = Seeing(load_library())
    for told in (Chosen("squat"), Estimate(0, 5.0, None), Estimate(1, 6.0, None)):
        seen.take(told)
    with folder.claim(one):
        folder.create_video("a1").close()
        desk._owned.add("a1")
        desk._keep(one, seen)
    assert folder.all() == []
    return [kept.id for kept in store.recent("me")]


def test_a_server_that_ends_while_a_workout_is_kept_keeps_it_and_the_others(tmp_path):
    assert kept_meanwhile(tmp_path, lambda desk: desk.stop()) == ["a1", "older"]


def test_cancelling_while_a_workout_is_stored_is_too_late(tmp_path):
    assert kept_meanwhile(tmp_path, lambda desk: desk.cancel(desk.own("a1", "me"))) == ["a1", "older"]


def test_deleting_everything_while_a_workout_is_stored_leaves_nothing(tmp_path):
    assert kept_meanwhile(tmp_path, lambda desk: desk.forget("me")) == []


class Down(MemoryStore):
    """A store that refuses its first summaries, and remembers what the upload's page says then."""

    def __init__(self, folder, refusals):
        super().__init__()
        self.folder, self.refusals, self.said = folder, refusals, []

    def finish(self, workout, *more):
        if self.refusals > 0:
            self.refusals -= 1
            self.said.append(self.folder.find(workout).said)
            raise StoreError("It is down.")
        super().finish(workout, *more)


def kept_by(store, tmp_path, folder, before=lambda: None):
    """Let an upload's workout be stored in this store; return the upload if it has failed."""
    seen = Result(load_library())
    for told in (Chosen("squat"), Estimate(0, 5.0, None), Estimate(1, 6.0, None)):
        seen.take(told)
    desk = Uploads(tmp_path / "uploads", uploads(tmp_path).settings, load_library(), store)
    desk._analyse = lambda _: seen
    lock = folder.claim(upload("a1", state="waiting"))
    folder.create_video("a1").close()
    before()
    desk._process(folder.find("a1"), lock)
    return folder.find("a1")


def test_a_workout_is_stored_once_the_store_is_back_and_its_page_says_so_meanwhile(tmp_path, folder, monkeypatch):
    monkeypatch.setattr(uploads_module, "_STORE_AGAIN_S", 0.01)
    store = Down(folder, refusals=3)
    assert kept_by(store, tmp_path, folder) is None
    assert [kept.finished for kept in store.recent("me")] == [True]
    assert store.said[0] == ""
    assert "cannot be saved at the moment" in store.said[1]


def test_a_store_that_stays_down_fails_the_upload_so_that_its_person_may_send_another(tmp_path, folder, monkeypatch):
    monkeypatch.setattr(uploads_module, "_STORE_AGAIN_S", 0.01)
    monkeypatch.setattr(uploads_module, "_STORED_WITHIN_S", 0.05)
    failed = kept_by(Down(folder, refusals=1000), tmp_path, folder)
    assert (failed.state, "cannot save" in failed.said) == ("failed", True)
    folder.claim(upload("a2")).close()


def disk_fills_up(tmp_path):
    """From now on the status of the upload a1 cannot be written."""
    (tmp_path / "uploads" / "a1" / "status.part").symlink_to("/dev/full")


def test_a_full_disk_costs_an_upload_its_progress_and_not_its_workout(tmp_path, folder, monkeypatch):
    monkeypatch.setattr(uploads_module, "_STORE_AGAIN_S", 0.01)
    store = Down(folder, refusals=1)
    assert kept_by(store, tmp_path, folder, before=lambda: disk_fills_up(tmp_path)) is None
    assert [kept.finished for kept in store.recent("me")] == [True]


def test_the_progress_of_an_analysis_is_no_reason_to_end_it(tmp_path, folder, monkeypatch):
    monkeypatch.setattr(uploads_module, "analyse", lambda *_: iter((Chosen("squat"), Estimate(0, 5.0, None))))
    with folder.claim(upload("a1", state="waiting")):
        disk_fills_up(tmp_path)
        desk = uploads(tmp_path)
        assert desk._analyse(folder.find("a1")).progress(upload()).count == 0


def test_a_disk_that_takes_no_video_is_reported_in_a_sentence_and_nothing_is_left(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    with pytest.raises(NoRoom, match="its log says why"):
        uploads(tmp_path / "file").check_length(10)
    uploads(tmp_path / "file").start()  # live workouts need no such disk

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(UploadFolder, "write", full)
    with pytest.raises(NoRoom, match="disk is full"), uploads(tmp_path).incoming("me", "squat", "replay"):
        pytest.fail("there is no room")
    assert list((tmp_path / "uploads").glob("*/")) == []


def test_an_upload_that_fails_on_a_full_disk_leaves_its_person_free_to_send_another(tmp_path, folder):
    desk, one = uploads(tmp_path), upload("a1", state="waiting")
    lock = folder.claim(one)
    folder.create_video("a1").close()
    disk_fills_up(tmp_path)
    desk._process(one, lock)
    assert desk.of_person("me") is None
    folder.claim(upload("a2")).close()
