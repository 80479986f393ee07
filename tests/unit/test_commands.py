"""The command line in separate processes: what it imports, prints and returns."""

import socket
import subprocess
import sys

HEAVY = ("openvino", "mediapipe", "flask", "cv2", "numpy", "sqlalchemy", "eventlet")


def posecoach(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "webapp", *arguments], capture_output=True, text=True, check=False, timeout=60, **options
    )


def test_help_lists_the_commands_and_imports_nothing_heavy():
    script = (
        "import sys; from webapp.__main__ import main; sys.argv[1:] = ['--help']\n"
        "try: main()\nexcept SystemExit: pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "serve" in run.stdout
    assert run.stdout.splitlines()[-1] == "[]"


def test_every_command_that_is_listed_has_its_help():
    listing = posecoach("--help").stdout
    names = [line.split()[0] for line in listing.partition("Commands:\n")[2].splitlines()]
    assert names
    for name in names:
        run = posecoach(name, "--help")
        assert (run.returncode, run.stderr) == (0, "")


def test_a_flag_that_may_stand_alone_is_shown_without_need_of_a_value():
    shown = posecoach("serve", "--help").stdout
    assert "--https [VALUE]" in shown
    assert "--port VALUE" in shown


def test_an_unknown_command_is_a_mistake_of_use():
    run = posecoach("jump")
    assert run.returncode == 2
    assert "jump" in run.stderr


def test_a_wrong_setting_is_one_sentence():
    run = posecoach("serve", "--port", "many")
    assert run.returncode == 2
    assert run.stderr == "posecoach: --port is 'many'; allowed: a whole number from 0 to 65535.\n"


def test_a_busy_port_is_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = posecoach("serve", "--port", str(port), "--store", "memory:")
    assert run.returncode == 2
    assert run.stderr == (
        f"posecoach: Port {port} is used by another program; stop it or choose another port with --port.\n"
    )


def test_a_data_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    folder = str(tmp_path / "file" / "data")
    run = posecoach("serve", "--port", "0", "--data", folder)
    assert run.returncode == 1
    assert folder in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_an_engine_that_is_not_there_ends_the_server_with_its_sentence():
    run = posecoach("serve", "--port", "0", "--store", "memory:", "--backend", "crystal-ball")
    assert run.returncode == 1
    assert run.stderr.startswith("posecoach: ")
    assert "crystal-ball" in run.stderr
    assert run.stdout == ""
    assert len(run.stderr.splitlines()) == 1


def test_a_recording_that_is_not_there_ends_the_server_with_its_sentence(tmp_path):
    gone = str(tmp_path / "gone.npz")
    run = posecoach("serve", "--port", "0", "--store", "memory:", "--backend", "replay", "--series", gone)
    assert run.returncode == 1
    assert gone in run.stderr
    assert len(run.stderr.splitlines()) == 1
