"""The command line in separate processes: what it imports, prints and returns."""

import socket
import subprocess
import sys
from importlib import import_module

import click
import pytest

from webapp import commands
from webapp.commands.evaluate import EVALUATIONS
from webapp.settings import Settings

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


@pytest.mark.parametrize("command", ["serve", "models"])
def test_ctrl_c_during_the_imports_ends_a_command_without_a_traceback(command):
    script = (
        "import signal, sys; from webapp import __main__\n"
        "__main__.import_module = lambda name: signal.raise_signal(signal.SIGINT)\n"
        f"sys.argv[1:] = ['{command}']; __main__.main()"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (130, "")


def test_every_command_that_is_listed_has_its_help():
    listing = posecoach("--help").stdout
    names = [line.split()[0] for line in listing.partition("Commands:\n")[2].splitlines()]
    assert names
    for name in names:
        run = posecoach(name, "--help")
        assert (run.returncode, run.stderr) == (0, "")


def listed(command, context):
    """Yield a command and all below it, with their names."""
    yield context.command_path, command
    for name in command.list_commands(context) if isinstance(command, click.Group) else ():
        below = command.get_command(context, name)
        yield from listed(below, click.Context(below, info_name=name, parent=context))


COMMANDS = dict(listed(commands.posecoach, click.Context(commands.posecoach, info_name="posecoach")))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_and_command_says_in_words_what_it_does(name):
    command = COMMANDS[name]
    assert command.help
    silent = [one.name for one in command.params if isinstance(one, click.Option) and not one.hidden and not one.help]
    assert silent == []


def test_a_command_is_described_in_the_list_as_it_describes_itself():
    tables = (commands._COMMANDS, EVALUATIONS)
    told = {module: about for table in tables for module, about in table.values()}
    own = {module: import_module(module).command for module in told}
    differ = [name for name, one in own.items() if not isinstance(one, click.Group) and one.short_help != told[name]]
    assert differ == []


@pytest.mark.parametrize("name", ["analyze", "learn", "evaluate motion", "evaluate yoga"])
def test_the_default_engine_is_named_where_engines_are_listed(name):
    [option] = [one for one in COMMANDS[f"posecoach {name}"].params if one.name == "engine"]
    assert Settings().backend in option.help


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


def test_an_arithmetic_that_the_processor_lacks_is_refused_before_the_address_is_announced():
    script = (
        "import sys; from webapp.commands import run; from webapp.pose import arithmetic\n"
        "arithmetic.has_bf16 = lambda: False\n"
        "sys.exit(run(['serve', '--port', '0', '--store', 'memory:', '--precision', 'bf16']))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (1, "")
    assert "posecoach: This processor does not support bf16 arithmetic: use --precision auto." in run.stderr


def test_a_server_with_a_bug_at_its_start_ends_and_waits_for_no_worker(tmp_path):
    script = (
        "import eventlet; eventlet.monkey_patch()\n"
        "import sys; from webapp.__main__ import main; from webapp.uploads import Uploads\n"
        "Uploads.start = lambda _: 1 / 0  # after the workers\n"
        f"sys.argv = ['posecoach', 'serve', '--port', '0', '--backend', 'null', '--data', {str(tmp_path)!r}]\n"
        "main()"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 1
    assert "ZeroDivisionError" in run.stderr


def test_a_recording_that_is_not_there_ends_the_server_with_its_sentence(tmp_path):
    gone = str(tmp_path / "gone.npz")
    run = posecoach("serve", "--port", "0", "--store", "memory:", "--backend", "replay", "--series", gone)
    assert run.returncode == 1
    assert gone in run.stderr
    assert len(run.stderr.splitlines()) == 1
