"""In which arithmetic a network may be computed, and whether this processor has it."""

import re
from functools import cache
from pathlib import Path

AUTO = "auto"
"""The quickest arithmetic in which the engine was shown to keep its accuracy (`EngineRow.keeps_accuracy_in`)."""

F32 = "f32"

MIXED = "mixed"
"""bf16 with an exact end: BlazePose full's world points move by 18 mm, where bf16 throughout moves them by 109 mm."""

BF16 = "bf16"

CHOICES = (AUTO, F32, MIXED, BF16)


def offered() -> tuple[str, ...]:
    """Return those of the choices that this processor can compute."""
    return CHOICES if has_bf16() else (AUTO, F32)


@cache
def has_bf16() -> bool:
    """Return whether the processor has bf16; asked of Linux, since to ask OpenVINO takes half a second and 60 MB."""
    return "avx512_bf16" in processor_flags()


@cache
def processor_flags() -> frozenset[str]:
    """Return the names of the x86 processor's instructions; none on other processors and systems."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return frozenset()
    found = re.search(r"^flags\s*:(.*)$", text, re.MULTILINE)
    return frozenset(found.group(1).split()) if found else frozenset()
