"""Editions in a copy of the project, written from what its working text says at the moment."""

from __future__ import annotations

import datetime
import json
import re
from typing import TYPE_CHECKING, Any

import yaml
from copies import ROOT

from pledge import project as project_module
from pledge.article import Writer
from pledge.edition import digest, load, read_edition
from pledge.render import Filling

if TYPE_CHECKING:
    from pathlib import Path

    from pledge.edition import Edition

TODAY = datetime.date(2026, 11, 22)


ALL = "charter, contract, service-level, declaration, project, warranty, returns"
WITHOUT = ALL.replace(" declaration,", "")


def work(root: Path, number: str, effective: str, *, publish: str = ALL, **values: str) -> None:
    """Give the demo company of the copy at *root* another working text; *values* are by a blank's name."""
    text = (ROOT / "variables" / "appliances.yml").read_text(encoding="utf-8")
    edition = f'edition: {{number: "{number}", effective: {effective}, note: 首次公布}}'
    text = _replaced(text, r"^edition:.*(?:\n +.*)*", edition)
    text = _replaced(text, r"^publish:.*", f"publish: [{publish}]")
    text = _replaced(text, r"(?<=office: 总经理, date: )[\d-]+", "2020-01-20")
    for name, value in values.items():
        text = _replaced(text, rf"(?<=\b{name}: )[^,}}\n]+", value)
    (root / "variables" / "appliances.yml").write_text(text, encoding="utf-8")


def _replaced(text: str, pattern: str, new: str) -> str:
    made, count = re.subn(pattern, lambda _: new, text, flags=re.MULTILINE)
    assert count == 1, f"{pattern} stands {count} times"
    return made


def series(root: Path) -> Path:
    """Make four editions of the demo company in the copy at *root*: two past, one in force, one to come."""
    work(root, "2025.1", "2025-01-01", first_contact="8小时", onsite_city="48小时")
    release(root)
    work(root, "2025.2", "2025-07-01", first_contact="4小时", onsite_city="48小时")
    told = [change("response.first_contact", "首次联系时限", "8小时", "4小时"), *CLAUSES]
    release(root, changes=told, note="缩短首次联系时限")
    work(root, "2026.1", "2026-01-15", first_contact="4小时", publish=WITHOUT)
    gone = {"variant": "declaration", "replaced_by": "returns", "covered": COVERED}
    told = [change("guarantees/declaration", "《公开声明型》", "公布"), *TABLE]
    told.append(change("response.onsite_city", "城区上门时限", "48小时", "24小时"))
    release(root, changes=told, withdrawn=[gone])
    work(root, "2099.1", "2099-01-01", publish=WITHOUT)
    release(root, changes=[change("response.first_contact", "首次联系时限", "4小时", "2小时")])
    return root


def release(root: Path, company: str = "appliances", **told: Any) -> Path:  # noqa: ANN401  see below
    """Write the working text of *company* as an edition and return its folder.

    *told* are the entries of `edition.yml` that differ from what the variable file says: number,
    effective, note, changes, withdrawn.
    """
    project = project_module.load(root)
    filling = Filling(project, project.company(company), TODAY)
    texts = Writer(filling).texts
    edition = _values(root, company)["edition"]
    entry = {
        "number": edition["number"],
        "effective": edition["effective"],
        "note": edition["note"],
        "name": filling.company.text("company.name"),
        "texts": {
            name: {"title": project.pages[name].title, "sha256": digest(text)} for name, text in texts.items()
        },
        "values": _recorded(project, _values(root, company)),
        "changes": [],
        "previous": {"number": last.number, "sha256": last.sha256} if (last := _last(root, company)) else {},
        **told,
    }
    folder = root / "editions" / company / str(entry["number"])
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    # JSON is YAML, and quotes every text.
    (folder / "edition.yml").write_text(json.dumps(entry, ensure_ascii=False, indent=1), encoding="utf-8")
    return folder


def relink(root: Path, company: str = "appliances") -> None:
    """Let each edition of *company* name the one before as it is now, after a test has rewritten one."""
    last: Edition | None = None
    for edition in load(root, [company]):
        path = edition.folder / "edition.yml"
        entry = json.loads(path.read_text(encoding="utf-8"))
        entry["previous"] = {"number": last.number, "sha256": last.sha256} if last else {}
        path.write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8")
        last = read_edition(edition.folder, root)


def _last(root: Path, company: str) -> Edition | None:
    return next(reversed(load(root, [company])), None)


def change(subject: str, label: str, before: str = "", after: str = "", item: str = "") -> dict[str, str]:
    """Return an entry of an edition's changes."""
    told = {"subject": subject, "label": label, "item": item, "before": before, "after": after}
    return {key: text for key, text in told.items() if text}


COVERED = "2026年1月15日之前在我方门店购买商品的客户"
LONG = (
    "我方自收到投诉时起4个工作日内，由专人把受理情况和下一步安排答复客户；"
    "客户可以要求我方指定的专人当面说明，我方应当在收到要求之日起7日内安排。"
)
CLAUSES = [
    change("charter#complaint-reply", "《管理规范型》第3.2款第(1)项", LONG, LONG.replace("4个", "2个")),
    change("charter#channel-wechat", "《管理规范型》第3.1款第(2)项", "", "(2) 客户还可以通过微信提出请求。"),
    change("remedy.fake_multiple", "假冒商品增加赔偿的倍数", "3倍"),
]
TABLE = [change("warranty.products", "商品三包期限表", "1年", "3年", "对开门冰箱：整机三包期")]


def _values(root: Path, company: str) -> dict[str, Any]:
    text = (root / "variables" / f"{company}.yml").read_text(encoding="utf-8")
    values: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  every scalar as text
    return values


def _recorded(project: project_module.Project, values: dict[str, Any]) -> dict[str, Any]:
    blanks = project.catalogue.blanks
    return {
        f"{topic}.{name}": {"label": blanks[f"{topic}.{name}"].label, "value": value}
        for topic, entries in values.items()
        if isinstance(entries, dict) and topic != "edition"
        for name, value in entries.items()
    }
