"""PoseCoach: watches a workout, counts its repetitions, times its holds and coaches its form."""

__version__ = "0.1.0"
