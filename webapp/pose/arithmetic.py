"""The arithmetics in which a network can be computed, and those that this processor supports."""

import re
from functools import cache
from pathlib import Path

AUTO = "auto"
"""The fastest arithmetic in which the engine was measured to keep its accuracy (`EngineRow.keeps_accuracy_in`)."""

F32 = "f32"

MIXED = "mixed"
"""bf16 with an exact end: BlazePose full's world points move by 18 mm, where bf16 throughout moves them by 109 mm."""

BF16 = "bf16"

CHOICES = (AUTO, F32, MIXED, BF16)


def offered() -> tuple[str, ...]:
    """Return the choices that this processor supports."""
    return CHOICES if has_bf16() else (AUTO, F32)


def unsupported(precision: str) -> str:
    """Return the sentence about an arithmetic that this processor does not support."""
    return f"This processor does not support {precision} arithmetic: use --precision auto."


@cache
def has_bf16() -> bool:
    """Return whether the processor has bf16, according to Linux: asking OpenVINO takes half a second and 60 MB."""
    return "avx512_bf16" in processor_flags()


@cache
def ends_at_avx2() -> bool:
    """Return whether the processor computes on eight float32 at a time: it has AVX2 and not AVX-512."""
    return "avx2" in processor_flags() and "avx512f" not in processor_flags()


@cache
def has_amx() -> bool:
    """Return whether the processor has AMX, as Intel's Xeons since Sapphire Rapids: its AVX-512 is full-width."""
    return "amx_tile" in processor_flags()


@cache
def processor_flags() -> frozenset[str]:
    """Return the feature flags of an x86 processor on Linux; none elsewhere."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return frozenset()
    found = re.search(r"^flags\s*:(.*)$", text, re.MULTILINE)
    return frozenset(found.group(1).split()) if found else frozenset()
