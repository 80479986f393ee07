"""`posecoach bench`: speed benchmarks; compare only figures of one run, because machines differ."""

from webapp.commands.lazy import LazyGroup

BENCHES = {
    "endurance": (
        "webapp.commands.bench_endurance",
        "Check that no repetition is lost while parts of the server fail.",
    ),
    "engines": ("webapp.commands.bench_engines", "Time every pose engine on the same frames."),
    "live": ("webapp.commands.bench_live", "Time the way from the camera to the page in a real browser."),
    "motion": ("webapp.commands.bench_motion", "Time counting and coaching of every exercise."),
    "store": ("webapp.commands.bench_store", "Time the pages of a person with ten thousand workouts."),
    "load": ("webapp.commands.bench_load", "Time the answers of a server to many browsers at once."),
}

command = LazyGroup(name="bench", table=BENCHES, help="Measure speed and endurance on this machine.")
