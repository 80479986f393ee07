"""A number of an option: click's own range lets "nan" and "inf" pass."""

import math
from typing import Any

import click


class Finite(click.FloatRange):
    """A finite number from `min` on."""

    name = "number"

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> float:
        """Return the number; "nan" and "inf" are mistakes of use."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value} is not a number.", param, ctx)
        return number
