"""Describe what mode=download fetches."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import model_validator

from runner.settings.fields import Block, Text, rule

DAY = r"\d{4}-\d\d-\d\d"
ADDRESS = r"https?://[^\s/?#@]+(/[^\s?#@]*)?"
MOST_DAYS = 3_660

Address = Annotated[str, Text(ADDRESS, "an address such as https://host")]
Day = Annotated[str | None, Text(DAY, "a UTC day such as 2024-01-31", null=True)]
Kind = Annotated[str | None, Text("[A-Za-z0-9_]{1,40}", "a name of the archive", null=True)]


class Download(Block):
    """Files of a public archive, for every market of the deploy and every day."""

    name: Literal["binance_vision", "bybit_public", "tardis"]
    trades_url: Address
    book_url: Address
    product: Annotated[str, Text("[a-z0-9/-]{1,40}", "a product of the archive")]
    trades: Kind
    book: Kind
    first_day: Day
    last_day: Day

    @model_validator(mode="after")
    def _days_are_days(self) -> Self:
        for name in ("first_day", "last_day"):
            text = getattr(self, name)
            try:
                if text is not None:
                    date.fromisoformat(text)
            except ValueError as error:
                raise rule(f"{name}: expected a day, was {text}: {error}") from None
        if self.first_day and self.last_day and self.first_day > self.last_day:
            raise rule(
                f"expected first_day not after last_day, was {self.first_day} and {self.last_day}"
            )
        return self
