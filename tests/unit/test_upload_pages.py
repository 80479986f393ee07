"""The upload's pages: the form, what it must not send, and its owner."""

import io
import re

import pytest
from visitors import ME, PEOPLE, pages_over, visitor

from webapp.errors import BadMessage
from webapp.pages.multipart import MOST_FIELD_BYTES, PIECE_BYTES, StreamedForm
from webapp.store import open_store
from webapp.uploads.folder import Upload, UploadFolder

TOKEN = PEOPLE.form_token(ME)
JSON = {"Accept": "application/json"}
FIELD = b'--b\r\nContent-Disposition: form-data; name="%s"'
FORM = FIELD % b"token" + b"\r\n\r\nabc\r\n" + FIELD
FILE = b'--b\r\nContent-Disposition: form-data; name="video"; filename="../../a.mp4"\r\n\r\n%s\r\n--b--\r\n'
TYPE = "multipart/form-data; boundary=b"


@pytest.fixture
def site(tmp_path):
    return pages_over(open_store("memory:"), tmp_path)


def send(site, person=ME, headers=None, **fields):
    data = {"token": TOKEN, "exercise": "squat", "video": (io.BytesIO(b"film"), "a.mp4")} | fields
    return visitor(site, person).post(
        "/upload", data=data, content_type="multipart/form-data", headers=JSON | (headers or {})
    )


def test_the_form_says_the_limits_before_anything_is_sent(site):
    page = visitor(site, ME).get("/upload?exercise=plank").text
    assert "Up to 1 MB and 1 minute;" in " ".join(page.split())
    assert re.search(r'<option value="plank" selected', page)
    assert 'accept="video/*' in page
    assert "dated to the day it was filmed, if the file says when" in page


def test_a_newcomers_first_form_is_taken(site):
    client = visitor(site)
    token = re.search(r'name="token" value="([^"]+)"', client.get("/upload").text)[1]
    answer = client.post("/upload", data={"token": token, "exercise": "nothing"}, content_type="multipart/form-data")
    assert answer.status_code == 404, "the exercise is what is wrong with it, and nothing before"


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("forbidden", {"person": None}),
        ("forbidden", {"token": "made up"}),
        ("forbidden", {"headers": {"Origin": "https://elsewhere.example"}}),
        ("unknown_exercise", {"exercise": "swim"}),
        ("unknown_engine", {"engine": "eyes"}),
        ("bad_message", {"body_kg": "heavy"}),
        ("bad_message", {"body_kg": "nan"}),
        ("bad_video", {"video": (io.BytesIO(b""), "")}),
        ("video_too_large", {"video": (io.BytesIO(bytes(1_100_000)), "a.mp4")}),
        ("video_too_large", {"video": (io.BytesIO(bytes(1_002_000)), "a.mp4")}),
    ],
)
def test_an_invalid_upload_is_refused_and_leaves_nothing(site, tmp_path, code, wrong):
    assert send(site, **wrong).json["code"] == code
    assert list((tmp_path / "uploads").glob("*/")) == []


def test_without_script_a_refusal_is_a_page(site):
    answer = send(site, exercise="swim", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "There is no exercise" in answer.text


def test_a_body_without_a_length_is_refused(site):
    answer = visitor(site, ME).post("/upload", input_stream=io.BytesIO(b""), headers={"Transfer-Encoding": "chunked"})
    assert answer.status_code == 411


def test_nobody_sees_or_cancels_anothers_upload(site, tmp_path):
    folder = UploadFolder(tmp_path / "uploads")
    with folder.claim(Upload("a1", ME, "squat", "replay", state="waiting")):
        folder.create_video("a1").close()
        other = PEOPLE.form_token("other")
        for person in ("other", None):
            client = visitor(site, person)
            assert client.get("/upload/a1").status_code == client.get("/upload/a1/status.json").status_code == 404
        assert visitor(site, "other").post("/upload/a1/cancel", data={"token": other}).status_code == 303
        assert folder.find("a1") is not None
        assert visitor(site, ME).get("/upload").location == "/upload/a1"
        assert visitor(site, ME).post("/upload/a1/cancel", data={"token": TOKEN}).location == "/upload"
        assert folder.find("a1") is None
    assert visitor(site, ME).get("/upload/a1/status.json").json["state"] == "gone"


def test_why_an_upload_failed_is_on_its_page(site, tmp_path):
    with UploadFolder(tmp_path / "uploads").claim(
        Upload("a1", ME, "squat", "replay", state="failed", said="No <video>.")
    ):
        assert "No &lt;video&gt;." in visitor(site, ME).get("/upload/a1").text
        assert visitor(site, ME).get("/upload").status_code == 200, "another one may be sent"


def test_a_screen_reader_is_told_the_state_and_not_the_running_figures(site, tmp_path):
    with UploadFolder(tmp_path / "uploads").claim(Upload("a1", ME, "squat", "replay", state="looking")):
        uploaded = visitor(site, ME).get("/upload/a1").text
    page = visitor(site, None).get("/upload").text + uploaded
    live = {re.search(r'data-testid="([^"]+)"', tag)[1] for tag in re.findall(r'<[^>]+role="status"[^>]*>', page)}
    assert live == {"upload-stage", "upload-state"}
    for figures in ("upload-sent", "seen", "so-far"):
        assert f'data-testid="{figures}"' in page


def test_an_upload_whose_workout_cannot_be_saved_yet_says_so_on_its_page(site, tmp_path):
    kept = Upload("a1", ME, "squat", "replay", state="keeping", said="Not yet.")
    with UploadFolder(tmp_path / "uploads").claim(kept):
        assert 'data-testid="upload-state">Not yet.<' in visitor(site, ME).get("/upload/a1").text


@pytest.mark.parametrize("length", [0, 1, PIECE_BYTES - 70, PIECE_BYTES, 3 * PIECE_BYTES + 5])
def test_a_file_is_read_whole_however_its_pieces_fall(length):
    content = (b"\r\n--not b" * (length // 9 + 1))[:length]
    body = FORM % b"exercise" + b"\r\n\r\nsquat\r\n" + FILE % content
    form = StreamedForm(io.BytesIO(body), TYPE)
    assert form.fields == {"token": "abc", "exercise": "squat"}
    assert b"".join(form.file()) == content


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", TYPE),
        (b"film", "video/mp4"),
        (b"film", "multipart/form-data"),
        (b"no form at all", TYPE),
        (FORM % b"x" + b"\r\n\r\n" + bytes(MOST_FIELD_BYTES + 1) + b"\r\n" + FILE % b"", TYPE),
        (FORM % b"x" + bytes(10 * PIECE_BYTES), TYPE),
    ],
    ids=["empty", "no form", "no boundary", "broken", "long field", "long head"],
)
def test_a_form_that_cannot_be_read_is_refused(body, kind):
    with pytest.raises(BadMessage):
        StreamedForm(io.BytesIO(body), kind)


def test_a_file_that_is_broken_off_is_refused():
    form = StreamedForm(io.BytesIO((FILE % b"film")[:-12]), TYPE)
    with pytest.raises(BadMessage):
        list(form.file())
