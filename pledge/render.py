"""Values into pages: the blanks and macros that pages speak, always as finished HTML."""

from __future__ import annotations

import os
import re
from functools import cached_property, lru_cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import pass_context

from pledge import company as company_module
from pledge import holidays
from pledge import law as law_module
from pledge import project as project_module
from pledge.chart import bar
from pledge.clock import section, timed
from pledge.glance import Card, cards, note, sheet
from pledge.history import record
from pledge.periods import released, sinces
from pledge.printed import Absent, Printed, Topic, capitals, data, entities, gap, printed, table, worded

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Mapping

    from jinja2.runtime import Context

    from pledge.company import Company
    from pledge.edition import Edition
    from pledge.entries import Blank
    from pledge.page import Page, Use
    from pledge.printed import Since
    from pledge.project import Project
    from pledge.typed import Value

_GLANCE, _ONE_PAGE = 6, 8
DEAL_GAP = "以合同记载为准"
GUARANTEE = "客户售后服务承诺保障书"
READY = "pledge_filling"
EDITION_ROWS = ("版本", "施行日期")
"""What the signature block calls the number and the date of an edition."""


class Filling:
    """A company's values and the macros that speak them, ready for a template engine.

    With *dated* each value says since when it holds, for which the released editions are read; a text has no
    place for that.
    """

    def __init__(
        self, project: Project, company: Company, today: datetime.date, *, dated: bool = True
    ) -> None:
        self.dated = dated
        self.project = project
        self.company = company
        self.today = today
        self._summaries: dict[str, str] = {}

    @cached_property
    def editions(self) -> list[Edition]:
        """The released editions of the company, oldest first; those that cannot be read are left out."""
        found = released(self.project.root, self.company.names)
        return [edition for edition in found if not edition.problems]

    @cached_property
    def _sinces(self) -> dict[str, Since]:
        return sinces(self.editions, self.company.values) if self.dated else {}

    @cached_property
    def floors(self) -> list[law_module.Comparison]:
        """The promises that a confirmed floor of the law binds, each beside it."""
        found = law_module.comparisons(self.project, self.company, self.today)
        return [each for each in found if each.floor.level == "error"]

    def since(self, blank: str) -> Since | None:
        """Return from which day the value of *blank* holds, or None where it is not as last released."""
        return self._sinces.get(blank)

    def _data(self, value: Value, text: str) -> str:
        return data(value, text, self.since(value.blank.id))

    @cached_property
    def topics(self) -> dict[str, Topic]:
        """The topics by name, each with its blanks as attributes."""
        made = {name: Topic() for name in self.project.catalogue.topics}
        for blank in self.project.catalogue.blanks.values():
            topic, name = blank.id.split(".")
            setattr(made[topic], name, self._blank(blank))
        return made

    def _blank(self, blank: Blank) -> Printed | Absent:
        value = self.company.values.get(blank.id)
        if value is not None:
            shown = Printed(printed(value, self.since(blank.id)))
        elif blank.deal:
            shown = Printed(gap(blank, DEAL_GAP, "gap-deal"))
        elif self.company.draft and blank.id in self._needed():
            shown = Printed(gap(blank, "待填", "gap-draft"))
        else:
            return Absent(blank)
        shown.value = value
        return shown

    @lru_cache  # noqa: B019  a filling lives as long as a build
    def _needed(self) -> frozenset[str]:
        pages = (*self._published(), *self.project.site_pages)
        return frozenset().union(*(page.needed(self.company.values) for page in pages))

    def printed(self, page: Page) -> Mapping[str, Use]:
        """Return the first use of each blank that *page* prints for this company."""
        return page.printed(self.company.values)

    def _published(self) -> list[Page]:
        return self.project.published(self.company)

    def macros(self) -> dict[str, Callable[..., str]]:
        """Return the macros of the pages by name."""
        return {
            "law": self.law,
            "variant": self.variant,
            "capitals": self.capitals,
            "promises": self.promises,
            "signature": self.signature,
            "glance": self.glance,
            "variants": self.variants,
            "channels": self.channels,
            "statutory": self.statutory,
            "history": self.history,
            "deadlines": self.deadlines,
            "one_page": self.one_page,
        }

    def law(self, short: str, article: str = "") -> str:
        """Return a law's full name and article, linked to its official page where one is known."""
        law = self.project.catalogue.laws[short]
        text = entities(f"《{law.name}》{article}")
        if not law.url:
            return f'<span class="law">{text}</span>'
        return f'<a class="law" href="{escape(law.url)}" rel="noopener external">{text}</a>'

    @pass_context
    def variant(self, context: Context, name: str) -> str:
        """Return the title of a variant, linked where this company publishes it."""
        if name not in self.company.publish:
            return self.title(name)
        return f'<a href="{_up(context)}guarantees/{name}/">{self.title(name)}</a>'

    def title(self, name: str) -> str:
        """Return the title of a variant as documents cite it."""
        return entities(f"《{GUARANTEE}（{self.project.pages[name].title}）》")

    def capitals(self, shown: Printed) -> str:
        """Return a money blank in capitals, beside what the blank prints in figures."""
        if shown.value is None:
            return str(shown)
        return entities(capitals(shown.value.data))

    @pass_context
    def promises(self, context: Context) -> str:
        """Return the summary of what this page promises: value, start, end and calendar of each."""
        return self.summary(self._page(context))

    def summary(self, page: Page) -> str:
        """Return what `promises()` prints on *page*."""
        if page.path not in self._summaries:
            self._summaries[page.path] = self._summary(page)
        return self._summaries[page.path]

    def _summary(self, page: Page) -> str:
        uses = {**page.spoken, **self.printed(page)}
        rows = (self._promise(value, uses[value.blank.id].clause) for value in self.promised(page))
        heads = ("承诺事项", "承诺内容", "从何时起", "到何时止", "计时方式")
        return table("本页承诺一览", heads, rows, kind="promises")

    def promised(self, page: Page) -> list[Value]:
        """Return the values on *page* that are promises: those with a direction, tables aside."""
        values = (self.company.values.get(blank) for blank in self.printed(page))
        return [value for value in values if value and is_promise(value.blank)]

    def _promise(self, value: Value, clause: str) -> list[str]:
        blank = value.blank
        label = entities(blank.label)
        return [
            f'<a href="#{clause}">{label}</a>' if clause else label,
            _each(blank) + self._figure(value),
            entities(blank.starts),
            entities(blank.ends),
            entities(self.clock(value)),
        ]

    def _figure(self, value: Value) -> str:
        return self._data(value, worded(value))

    def clock(self, value: Value) -> str:
        """Return by what a time is counted, with the service hours where those count."""
        if value.calendar == "服务时间":
            return f"服务时间（{self.company.text('contact.hours')}）"
        return value.calendar

    def signature(self) -> str:
        """Return the signature block, with an empty place for the seal."""
        text = self._filled
        rows = (
            ("承诺方", text("company.name")),
            ("签署人", f"{text('signing.signatory')}（{text('signing.office')}）"),
            ("签署日期", text("signing.date")),
            *zip(EDITION_ROWS, (text("edition.number"), text("edition.effective")), strict=True),
        )
        return (
            '<section class="signature" aria-label="签署">'
            f'<dl>{_described(rows)}</dl><p class="seal">（盖章处）</p></section>'
        )

    def _filled(self, blank: str) -> str:
        return str(self._blank(self.project.catalogue.blanks[blank]))

    def _page(self, context: Context) -> Page:
        name = re.sub(r"/(index\.html)?$", "", context["page"].url).rsplit("/", 1)[-1]
        return self.project.pages[name.removesuffix(".html")]

    @pass_context
    def glance(self, context: Context) -> str:
        """Return the headline figures of the home page, each leading to its clause."""
        return cards(self._cards(_up(context), _GLANCE))

    def _cards(self, up: str, most: int) -> list[Card]:
        return [
            Card(
                value.blank.asked,
                self._data(value, value.text),
                note(value),
                self._clause(up, page, value.blank.id),
            )
            for value, page in self.headlines()[:most]
        ]

    @pass_context
    def one_page(self, context: Context) -> str:
        """Return on one sheet the promises a customer needs, how to reach us, and the QR code of the site."""
        text = self.company.text
        consumers = any(page.protects_consumers for page in self._published())
        steps = (
            f"服务热线 {text('contact.hotline')}，{text('contact.hours')}",
            f"投诉打同一个电话，或者发邮件到 {text('contact.email')}",
            *(["不满意处理结果的消费者，可以拨打12315"] if consumers else []),
        )
        return sheet(self._cards(_up(context), _ONE_PAGE), steps, text("company.website"))

    def headlines(self) -> list[tuple[Value, Page]]:
        """Return the headline values this company promises and the first page that speaks each."""
        found = (pair for pair in self._spoken.values() if pair[0].blank.headline)
        return sorted(found, key=lambda pair: pair[0].blank.headline)

    def _clause(self, up: str, page: Page, blank: str) -> str:
        """Return the way to the clause of *page* that speaks *blank*, from a page *up* below the top."""
        return f"{up}guarantees/{page.name}/#{self.printed(page)[blank].clause}"

    @cached_property
    def _spoken(self) -> dict[str, tuple[Value, Page]]:
        """Every value the pages speak, by blank, each with the first page that speaks it."""
        found: dict[str, tuple[Value, Page]] = {}
        for page in self._published():
            for blank in self.printed(page):
                value = self.company.values.get(blank)
                if value:
                    found.setdefault(blank, (value, page))
        return found

    @pass_context
    def variants(self, context: Context) -> str:
        """Return the list of the published variants with their one-line summaries."""
        up = _up(context)
        items = "".join(
            f'<li><a href="{up}guarantees/{page.name}/"><strong>{entities(page.title)}</strong>'
            f"<span>{entities(str(page.meta.get('summary', '')))}</span></a></li>"
            for page in self._published()
        )
        return f'<ul class="variants">{items}</ul>'

    def channels(self) -> str:
        """Return how to reach the company: hotline as a telephone link, hours, address, edition."""
        filled = self._filled
        digits, mail = dialled(self.company.text("contact.hotline")), self.company.text("contact.email")
        rows = (
            ("服务热线", f'<a class="hotline" href="tel:{digits}">{filled("contact.hotline")}</a>'),
            ("服务时间", filled("contact.hours")),
            ("服务邮箱", f'<a href="mailto:{entities(mail)}">{filled("contact.email")}</a>'),
            ("版本", filled("edition.number")),
            ("施行日期", filled("edition.effective")),
        )
        return f'<dl class="contact">{_described(rows)}</dl>'

    @pass_context
    def statutory(self, context: Context) -> str:
        """Return each promise with a confirmed floor of the law beside it, its article and the margin."""
        rows = [self._compared(found, _up(context)) for found in self.floors]
        if not rows:
            return "<p>我方公布的承诺中，没有与法定期限直接对应的事项。</p>"
        heads = ("承诺事项", "我方承诺", "法定标准", "比较", "依据")
        return table("与法定标准对照", heads, rows, kind="statutory")

    @pass_context
    def history(self, context: Context) -> str:
        """Return the released editions, newest first, with what each changed and where its texts stand."""
        return record(self.editions, self.project.catalogue, _up(context))

    @pass_context
    def deadlines(self, context: Context) -> str:
        """Return every time the company promises, with a form that counts them from a moment."""
        up = _up(context)
        found = [
            each
            for value, page in self._spoken.values()
            for each in timed(value, self.clock(value), self._clause(up, page, value.blank.id))
        ]
        days = holidays.known(self.project.catalogue)
        return section(found, self.company.data("contact.hours"), days, self.today, up)

    def _compared(self, found: law_module.Comparison, up: str) -> list[str]:
        _, page = self._spoken[found.floor.blank]
        label = entities(found.value.blank.label + (f"：{found.row}" if found.row else ""))
        better = f"优于法定标准{found.margin}" if found.margin else "与法定标准相同"
        return [
            f'<a href="{self._clause(up, page, found.floor.blank)}">{label}</a>',
            self._data(found.value, found.value.text),
            entities(found.rule),
            bar(*found.share) + entities(better),
            self.law(found.floor.law, found.floor.article),
        ]


def _described(rows: Iterable[tuple[str, str]]) -> str:
    """Return the entries of a description list; heads and texts are finished HTML."""
    return "".join(f"<div><dt>{head}</dt><dd>{text}</dd></div>" for head, text in rows)


def is_promise(blank: Blank) -> bool:
    """Whether a value of *blank* stands in the summary: it has a direction and fits a cell."""
    return blank.better != "none" and blank.kind not in {"table", "list", "hours"}


def _each(blank: Blank) -> str:
    """Return what an amount is of and how often it is owed, as `每日，合同价款的`."""
    each = f"每{blank.per}" if blank.per else ""
    of = f"{blank.basis}的" if blank.basis else ""
    said = "，".join(part for part in (each, of) if part)
    return f'<span class="of">{entities(said)}</span>' if said else ""


def _up(context: Context) -> str:
    """Return the way from the page at hand to the top of the site, as `../../` or nothing."""
    return "../" * str(context["page"].url).strip("/").removesuffix("index.html").count("/") + (
        "../" if str(context["page"].url).strip("/.") else ""
    )


def dialled(phone: str) -> str:
    """Return a telephone number as a `tel:` link dials it: digits, a pause (`,`) before an extension."""
    return re.sub(r"[^0-9+,]", "", phone.replace("转", ","))


def company_name(conf: Any) -> str:  # noqa: ANN401  MkDocs' configuration, or Zensical's dictionary
    """Return the company to publish: COMPANY in the environment, else `extra.pledge.company`."""
    ours = (conf["extra"] or {}).get("pledge")
    default = ours.get("company") if isinstance(ours, dict) else None
    return str(os.environ.get("COMPANY") or default or "")


def define_env(env: Any) -> None:  # noqa: ANN401  the environment of mkdocs-macros or Zensical
    """Hand the blanks and macros to the pages; pure, so it may be called for each page.

    `extra.pledge_filling` is a filling made ready, as the plugin leaves one; else one is made here.
    """
    filling = (env.conf["extra"] or {}).get(READY) or _filling(env)
    for name, topic in filling.topics.items():
        env.variables[name] = topic
    for name, macro in filling.macros().items():
        env.macro(macro, name)


def _filling(env: Any) -> Filling:  # noqa: ANN401  as above
    project = project_module.load(Path(env.project_dir))
    return Filling(project, project.company(company_name(env.conf)), company_module.today())
