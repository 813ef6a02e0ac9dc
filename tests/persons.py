"""A person who answers the questions of `pledge new` as the catalogue's examples do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledge.amend import said
from pledge.typed import Value, typed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge.amend import Said
    from pledge.draft.draft import Draft
    from pledge.entries import Blank


def example(blank: Blank) -> Said:
    """Return the example of a blank as it is written."""
    assert blank.example
    return said(Value(blank, typed(blank, blank.example, []), blank.place))


def lines(blank: Blank, value: Said) -> Iterator[str]:
    """Yield what is typed to give *value*."""
    if isinstance(value, str):
        yield value
        return
    for item in value:
        if isinstance(item, str):
            yield item
        else:
            yield from (item.get(name, "") for name in blank.columns)
    yield ""


def session(draft: Draft) -> Iterator[str]:
    """Yield the lines that answer all that *draft* lacks, and none of what may be left out."""
    while missing := draft.missing():
        value = example(missing[0])
        assert [] == draft.answer(missing[0], value)
        yield from lines(missing[0], value)
    yield ""
