"""What a site has for machines: data files, what stands in the heads of its pages, and their dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pledge import feed, linked, promises, standing
from pledge.periods import last_change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge.render import Filling


@dataclass(frozen=True, slots=True)
class ForMachines:
    """The data of a company's site at the address *site*, or nothing where that is not known.

    *status* is how its texts stand to the newest edition, one of `standing.STATUSES`.
    """

    filling: Filling
    status: str
    site: str

    @property
    def _has_feed(self) -> bool:
        return bool(self.site and self.filling.editions)

    def shown(self) -> dict[str, Any]:
        """Return what the templates show: JSON-LD and last change of each page, and which files there are."""
        silent = self.status in {standing.REVISION, standing.DRAFT}
        return {
            # A revision or a draft is no promise, so search engines are told nothing.
            "linked": {} if silent else linked.graphs(self.filling, self.site),
            "dates": dict(self._dates()) if self.status in standing.OF_AN_EDITION else {},
            "promises": promises.FILE,
            "feed": feed.FILE if self._has_feed else "",
        }

    def _dates(self) -> Iterator[tuple[str, str]]:
        """Yield each page, by its path below docs/, with the day in ISO 8601 on which it last changed."""
        project = self.filling.project
        for page in (*project.published(self.filling.company), *project.site_pages):
            variant = page.name if page.is_variant else ""
            date = last_change(self.filling.editions, variant, self.filling.today)
            if date:
                yield page.path.removeprefix("docs/"), date.isoformat()

    def files(self) -> dict[str, bytes]:
        """Return `promises.json` and the feed by their addresses below the site."""
        made = {promises.FILE: promises.as_json(self.filling, self.status, self.site).encode()}
        if self._has_feed:
            made[feed.FILE] = feed.feed(self.filling, self.site)
        return made
