"""`posecoach bench`: speed, measured; compare figures of one run, machines differ."""

from webapp.commands.lazy import LazyGroup

BENCHES = {
    "endurance": ("webapp.commands.bench_endurance", "Kill and starve the server: is a repetition lost?"),
    "engines": ("webapp.commands.bench_engines", "Every pose engine in turn on the same frames."),
    "live": ("webapp.commands.bench_live", "From the camera to the canvas in a real browser."),
    "store": ("webapp.commands.bench_store", "Ten thousand workouts looked back on."),
    "load": ("webapp.commands.bench_load", "Many browsers at once."),
}

command = LazyGroup(name="bench", table=BENCHES, help="Measure speed on this machine.")
