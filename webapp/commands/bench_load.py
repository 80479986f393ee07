"""`posecoach bench load`: many browsers at once against a separate server process, over loopback."""

import json
from pathlib import Path
from typing import Any

import click

from webapp.commands.bench_live import CLIPS, first_of
from webapp.commands.finite import Finite
from webapp.commands.named import exercise_named
from webapp.evaluation.live import ServerProcess, running_server
from webapp.evaluation.load import Plan, figures, pictures_of, run
from webapp.evaluation.process_usage import Usage, usage_of
from webapp.exercises import load_library

STOCK = "--stock-eventlet"


@click.command("load", context_settings={"ignore_unknown_options": True})
@click.option("--clip", type=click.Path(path_type=Path), help="video to take frames from")
@click.option("--clients", default=8, show_default=True, type=click.IntRange(1), help="how many browsers")
@click.option(
    "--fps", default=15.0, show_default=True, type=Finite(0.1), help="frames a second that each browser sends"
)
@click.option("--seconds", default=30.0, show_default=True, type=Finite(1), help="how long to measure")
@click.option("--backend", default="blazepose-full", show_default=True, help="pose engine; null for none")
@click.option("--exercise", default="squat", show_default=True, help="exercise of everybody")
@click.option("--stock", is_flag=True, help="repeat with eventlet as it is shipped, and compare")
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
@click.argument("flags", nargs=-1, type=click.UNPROCESSED)
def command(
    clip: Path | None,
    backend: str,
    stock: bool,
    as_json: bool,
    flags: tuple[str, ...],
    **options: Any,  # noqa: ANN401 - each field of Plan has its own type, which click has checked
) -> None:
    """Measure how many frames of many browsers a server answers, how late, and with how much CPU and memory.

    FLAGS after -- are given to `posecoach serve`, such as: -- --workers 2
    """
    options["exercise"] = exercise_named(options["exercise"], load_library()).name
    plan = Plan(**options)
    most_fps = 2 * plan.fps + 100
    freely = ("--max-fps", str(most_fps), "--max-address-fps", str(plan.clients * most_fps))
    flags = ("--backend", backend, *freely, *flags)
    pictures = pictures_of(clip or first_of(CLIPS), plan.fps)
    measured = _measure(plan, pictures, flags)
    if stock:
        measured["stock"] = _measure(plan, pictures, (*flags, STOCK))
        measured["stock_ratio"] = _ratios(measured, measured["stock"])
    click.echo(json.dumps(measured) if as_json else _table(measured))


def _measure(plan: Plan, pictures: list[bytes], flags: tuple[str, ...]) -> dict[str, Any]:
    with running_server(*flags) as server:
        samples: list[Usage] = []
        tallies = run(plan, server.port, pictures, lambda: samples.append(usage_of(server.pid)))
        seen = figures(plan, tallies)
        return seen | _taken(server, samples[0], samples[1], max(1, seen["answered"]))


def _taken(server: ServerProcess, before: Usage, after: Usage, answered: int) -> dict[str, float]:
    """Return the server's figures: CPU for each answered frame, memory at the start and at the end."""
    workers = {worker["pid"] for worker in server.readiness()["workers"]}
    spent_s = {pid: cpu_s - before.cpu_s.get(pid, 0.0) for pid, cpu_s in after.cpu_s.items()}
    web_s = sum(cpu_s for pid, cpu_s in spent_s.items() if pid not in workers)
    return {
        "server_cpu_ms_per_frame": round(sum(spent_s.values()) * 1000 / answered, 3),
        "web_cpu_ms_per_frame": round(web_s * 1000 / answered, 3),
        "rss_mb_start": round(sum(before.rss_mb.values()), 1),
        "rss_mb_end": round(sum(after.rss_mb.values()), 1),
    }


def _ratios(ours: dict[str, Any], stock: dict[str, Any]) -> dict[str, float]:
    """Return how many times better than stock each figure is."""
    pairs = {
        "web_cpu_ms_per_frame": (stock["web_cpu_ms_per_frame"], ours["web_cpu_ms_per_frame"]),
        "age_p50": (stock["age_ms"]["p50"], ours["age_ms"]["p50"]),
        "answered_fps": (ours["answered_fps"], stock["answered_fps"]),
    }
    return {name: round(worse / better, 1) for name, (worse, better) in pairs.items() if worse and better}


def _table(measured: dict[str, Any]) -> str:
    age, each = measured["age_ms"], measured["client_fps"]
    lines = [
        f"frames    {measured['sent']} sent, {measured['answered']} answered, {measured['dropped']} dropped, "
        f"{measured['held_back']} held back",
        f"a second  {measured['answered_fps']} answered in all; a client {each['mean']}, the slowest {each['slowest']}",
        f"age       p50 {age['p50']} ms, p95 {age['p95']} ms, p99 {age['p99']} ms; p95 of the first minute "
        f"{measured['p95_first_minute_ms']} ms, of the last {measured['p95_last_minute_ms']} ms",
        f"CPU       {measured['server_cpu_ms_per_frame']} ms a frame, {measured['web_cpu_ms_per_frame']} ms of it web",
        f"memory    {measured['rss_mb_start']} MB at the start, {measured['rss_mb_end']} MB at the end",
    ]
    if measured["refused_full"]:
        lines.append(f"full      {measured['refused_full']} of {measured['clients']} clients were refused")
    if "stock" in measured:
        ratios = measured["stock_ratio"].items()
        lines += ["", "eventlet as shipped", _table(measured["stock"])]
        lines += ["better by  " + ", ".join(f"{name} x {ratio}" for name, ratio in ratios)]
    return "\n".join(lines)
