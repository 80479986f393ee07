"""An exercise learned from one recording: which measures repeat, how far, and the file that describes it. Pure."""
