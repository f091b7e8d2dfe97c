"""Describe how a person is called."""

from typing import Annotated, Literal, Self

from pydantic import model_validator

from runner.settings.fields import Block, Real, Text, Whole, rule

Variable = Annotated[
    str | None, Text("[A-Za-z_][A-Za-z0-9_]{0,63}", "an environment variable's name", null=True)
]


class Notify(Block):
    """Who is called, from what on, and how often at most."""

    name: Literal["none", "apprise"]
    urls_env: Variable
    least_level: Literal["info", "warning", "critical"]
    quiet_s: Annotated[float, Real(0, 604_800)]
    most_per_hour: Annotated[int, Whole(1, 3600)]
    pulse_url_env: Variable
    pulse_every_s: Annotated[float, Real(5, 86_400)]
    tested_within_d: Annotated[float, Real(0.01, 365)]

    @model_validator(mode="after")
    def _addresses_are_named(self) -> Self:
        if self.name == "apprise" and self.urls_env is None:
            raise rule("urls_env: expected a variable's name with name=apprise, was null")
        return self
