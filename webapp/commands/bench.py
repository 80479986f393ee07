"""`posecoach bench`: speed benchmarks; compare only figures of one run, because machines differ."""

from webapp.commands.lazy import LazyGroup

BENCHES = {
    "endurance": ("webapp.commands.bench_endurance", "Count while workers, server and database fail."),
    "engines": ("webapp.commands.bench_engines", "Every pose engine in turn on the same frames."),
    "live": ("webapp.commands.bench_live", "From camera to canvas in a real browser."),
    "store": ("webapp.commands.bench_store", "The history of ten thousand workouts."),
    "load": ("webapp.commands.bench_load", "Many browsers at once."),
}

command = LazyGroup(name="bench", table=BENCHES, help="Measure speed on this machine.")
