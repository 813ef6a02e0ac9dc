"""A comparison as one HTML page that needs nothing else: no script, no font, no request."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING

from pledge.alignment import Pair, aligned, paired_rows
from pledge.change import VERDICTS
from pledge.clauses import NOTICE
from pledge.redline import GONE, NEW, SAME, Piece, folded, html, pieces, visible
from pledge.transcript import HEADING, TABLE, TITLE, Block

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pledge.alignment import Row
    from pledge.change import CompanyChange, Finding, Spoken, TextChange

_COLUMNS = ("事项", "原来", "现在", "对客户", "依据规则", "位置")
_NOWHERE = "—"
_POLICY = "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'"


def page(changes: list[CompanyChange], title: str) -> str:
    """Return the comparison of all companies as one page; the same changes give the same page."""
    body = "".join((_top(changes, title), _legend(), _contents(changes), *_companies(changes)))
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY.format(digest)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{_text(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n"
        "</body>\n</html>\n"
    )


def _text(text: str) -> str:
    return escape(visible(text))


def _top(changes: list[CompanyChange], title: str) -> str:
    findings = [finding for change in changes for finding in change.findings]
    texts = sum(len(change.texts) for change in changes)
    counts = f"{len(changes)}家公司，{len(findings)}项承诺改动，{texts}份文本改动"
    return f'<header class="top"><h1>{_text(title)}</h1><p>{counts}</p>{_tally(findings)}</header>\n'


def _tally(findings: Sequence[Finding]) -> str:
    counts = {verdict: sum(found.verdict == verdict for found in findings) for verdict in VERDICTS}
    items = "".join(
        f"<li>{_verdict(verdict)}<b>{count}</b>项</li>" for verdict, count in counts.items() if count
    )
    return f'<ul class="tally" aria-label="对客户的影响">{items}</ul>' if items else ""


def _verdict(verdict: str) -> str:
    known = verdict if verdict in VERDICTS else "other"
    return f'<span class="verdict {known}">{_text(VERDICTS.get(verdict, verdict))}</span>'


def _legend() -> str:
    return (
        '<aside class="legend" aria-label="图例"><span><del>删去的文字</del></span>'
        "<span><ins>新增的文字</ins></span><span><i>已移动</i>换了位置</span>"
        "<span><i>只改编号</i>文字没有改动</span></aside>\n"
    )


def _contents(changes: list[CompanyChange]) -> str:
    """Return the table of contents; a single text needs none."""
    if len(changes) < 2 and sum(len(change.texts) for change in changes) < 2:  # noqa: PLR2004  several
        return ""
    items = "".join(
        f'<li><a href="#{_anchor(at)}">{_text(change.name)}</a>{_tally(change.findings)}'
        f"{_variants(change, at)}</li>"
        for at, change in enumerate(changes)
    )
    return f'<nav aria-label="目录"><h2>目录</h2><ul>{items}</ul></nav>\n'


def _variants(change: CompanyChange, at: int) -> str:
    items = "".join(
        f'<li><a href="#{_anchor(at, place)}">{_text(text.title)}</a></li>'
        for place, text in enumerate(change.texts)
    )
    return f'<ul class="variants">{items}</ul>' if items else ""


def _anchor(*places: int) -> str:
    return "-".join(f"{letter}{place + 1}" for letter, place in zip("ctb", places, strict=False))


def _companies(changes: list[CompanyChange]) -> Iterator[str]:
    if not changes:
        yield '<p class="none">没有改动。</p>\n'
    for at, change in enumerate(changes):
        texts = [_Text(text, _anchor(at, place)) for place, text in enumerate(change.texts)]
        yield (
            f'<section class="company" id="{_anchor(at)}"><h2>{_text(change.name)}</h2>\n'
            f"{_findings(change, texts)}{''.join(text.shown() for text in texts)}</section>\n"
        )


def _findings(change: CompanyChange, texts: list[_Text]) -> str:
    if not change.findings:
        return '<p class="none">没有需要列出的承诺改动，只有文字改动。</p>\n'
    gravity = list(VERDICTS)
    ordered = sorted(
        change.findings, key=lambda found: gravity.index(found.verdict) if found.verdict in gravity else 9
    )
    heads = "".join(f'<th scope="col">{column}</th>' for column in _COLUMNS)
    rows = "".join(_finding(found, texts) for found in ordered)
    return (
        '<table class="findings"><caption>承诺改动</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>\n"
    )


def _finding(found: Finding, texts: list[_Text]) -> str:
    compared = pieces(found.before, found.after)
    item = f"<small>{_text(found.item)}</small>" if found.item else ""
    cells = (
        _side(compared, GONE),
        _side(compared, NEW),
        _verdict(found.verdict),
        f"<code>{_text(found.rule)}</code>",
        "".join(f"<div>{_place(spoken, texts)}</div>" for spoken in found.spoken) or _NOWHERE,
    )
    shown = "".join(
        f'<td data-label="{column}"><div>{cell}</div></td>'
        for column, cell in zip(_COLUMNS[1:], cells, strict=True)
    )
    return f'<tr><th scope="row">{_text(found.label)}{item}</th>{shown}</tr>'


def _side(compared: list[Piece], kind: str) -> str:
    return (
        html(piece for piece in compared if piece.kind in {SAME, kind})
        or f'<span class="none">{_NOWHERE}</span>'
    )


def _place(spoken: Spoken, texts: list[_Text]) -> str:
    words = _text(f"{spoken.title} {spoken.number}".strip())
    anchor = next((text.anchors.get(spoken.clause) for text in texts if text.variant == spoken.variant), None)
    return f'<a href="#{anchor}">{words}</a>' if anchor else words


class _Text:
    """A changed variant, ready to be shown; `anchors` are the places of the clauses that it shows."""

    def __init__(self, change: TextChange, anchor: str) -> None:
        self.variant = change.variant
        self.anchors: dict[str, str] = {"": anchor}
        self._change = change
        self._anchor = anchor
        self._pairs = aligned(change.old, change.new)
        self._kept = _kept(self._pairs)
        for at in sorted(self._kept):
            self.anchors.setdefault(self._pairs[at].block.id, f"{anchor}-b{at + 1}")

    def shown(self) -> str:
        """Return the changed clauses with the headings above them; runs of unchanged ones are folded away."""
        runs = groupby(range(len(self._pairs)), key=lambda at: at in self._kept)
        body = "".join(self._run(list(run), kept=kept) for kept, run in runs)
        return (
            f'<article id="{self._anchor}"><h3>{_text(self._change.title)}{self._state()}</h3>'
            f"<p>{self._counts()}</p>\n{body}</article>\n"
        )

    def _state(self) -> str:
        if self._change.old and self._change.new:
            return ""
        return _tag("新公布") if self._change.new else _tag("不再公布")

    def _counts(self) -> str:
        clauses = [pair for pair in self._pairs if pair.block.is_clause]
        both = [pair for pair in clauses if pair.old and pair.new]
        counts = {
            "修改": sum(pair.changed and not pair.renumbered for pair in both),
            "新增": sum(pair.old is None for pair in clauses),
            "删去": sum(pair.new is None for pair in clauses),
            "移动": sum(pair.moved for pair in clauses),
            "只改编号": sum(pair.renumbered for pair in both),
        }
        return "，".join(f"{word}{count}条" for word, count in counts.items() if count) or "条文没有改动"

    def _run(self, places: list[int], *, kept: bool) -> str:
        """Return a run of blocks; an unchanged title is said by the heading already."""
        places = [at for at in places if kept or self._pairs[at].block.kind != TITLE]
        shown = "".join(_block(self._pairs[at], f"{self._anchor}-b{at + 1}") for at in places)
        if kept or not places:
            return shown
        count = sum(self._pairs[at].block.is_clause for at in places)
        label = f"未改动的{count}条" if count else "未改动的内容"
        return f"<details><summary>{label}</summary>{shown}</details>\n"


def _kept(pairs: Sequence[Pair]) -> set[int]:
    """Return the places to show at once: what changed or moved, and the clauses above it."""
    kept: set[int] = set()
    above: list[int] = []
    for at, pair in enumerate(pairs):
        block = pair.block
        if block.is_clause:
            above = [place for place in above if pairs[place].block.level < block.level]
        if pair.changed or pair.moved:
            kept.update((at, *above))
        if block.is_clause:
            above.append(at)
    return kept


def _block(pair: Pair, anchor: str) -> str:
    block = pair.block
    if block.kind == TABLE:
        return _table(pair, anchor)
    name = "p" if block.kind not in {HEADING, TITLE} else f"h{min(6, 3 + max(1, block.level))}"
    level = f" l{min(4, block.level)}" if block.is_clause else ""
    return (
        f'<div class="block {block.kind}{level}{_status(pair)}" id="{anchor}">'
        f'<span class="number">{_compared(_number(pair.old), _number(pair.new))}</span>'
        f"<{name}>{_notice(pair)}{_words(pair)}{_tags(pair)}</{name}></div>\n"
    )


def _status(pair: Pair) -> str:
    return " changed" if pair.changed or pair.moved else ""


def _number(block: Block | None) -> str:
    return block.number if block else ""


def _words(pair: Pair) -> str:
    return _compared(pair.old.text if pair.old else "", pair.new.text if pair.new else "")


def _notice(pair: Pair) -> str:
    sides = [NOTICE if block and block.notice else "" for block in (pair.old, pair.new)]
    return f'<span class="notice">{_compared(*sides)}</span> ' if any(sides) else ""


def _compared(old: str, new: str) -> str:
    return html(pieces(old, new))


def _tags(pair: Pair) -> str:
    states = {
        "新增": pair.old is None,
        "删去": pair.new is None,
        "已移动": pair.moved,
        "只改编号": pair.renumbered,
    }
    return "".join(_tag(word) for word, holds in states.items() if holds)


def _tag(word: str) -> str:
    return f" <i>{word}</i>"


def _table(pair: Pair, anchor: str) -> str:
    rows = paired_rows(*(block.rows if block else () for block in (pair.old, pair.new)))
    head, body = rows[:1], rows[1:]
    cells = "".join(_cells(*row, "th", ' scope="col"') for row in head if _is_said(*row))
    heads = f"<thead><tr>{cells}</tr></thead>" if cells else ""
    runs = groupby(body, key=lambda row: _is_kept(*row))
    shown = "".join(_unchanged(list(run)) if kept and pair.changed else _rows(run) for kept, run in runs)
    return (
        f'<div class="block table{_status(pair)}" id="{anchor}" role="region" tabindex="0"'
        f' aria-label="{_text(pair.block.text)}"><table><caption>{_words(pair)}{_tags(pair)}</caption>'
        f"{heads}<tbody>{shown}</tbody></table></div>\n"
    )


def _is_said(old: Row | None, new: Row | None) -> bool:
    return any(old or ()) or any(new or ())


def _is_kept(old: Row | None, new: Row | None) -> bool:
    return old is not None and new is not None and [*map(folded, old)] == [*map(folded, new)]


def _rows(rows: Iterable[tuple[Row | None, Row | None]]) -> str:
    return "".join(f"<tr>{_cells(old, new, 'td')}</tr>" for old, new in rows)


def _unchanged(rows: list[tuple[Row | None, Row | None]]) -> str:
    """Return unchanged rows as one that can be opened; a single one is shown as it is."""
    if len(rows) == 1:
        return _rows(rows)
    lines = "".join(f"<p>{_text('｜'.join(new or ()))}</p>" for _, new in rows)
    width = max(len(new or ()) for _, new in rows)
    summary = f"<summary>未改动的{len(rows)}行</summary>"
    return f'<tr><td colspan="{width}"><details>{summary}{lines}</details></td></tr>'


def _cells(old: Row | None, new: Row | None, name: str, scope: str = "") -> str:
    pairs = zip_longest(old or (), new or (), fillvalue="")
    return "".join(f"<{name}{scope}>{_compared(before, after)}</{name}>" for before, after in pairs)


_STYLE = """
:root {
  --paper: #fff; --desk: #f4f3ef; --text: #23262b; --soft: #5c6168; --ink: #1d3557; --rule: #d8d6cf;
  --gone: #8a2a1a; --gone-back: #fbeae6; --new: #14532d; --new-back: #e4f2e7; --tag: #eceef2;
  --bad: #a33320; --ask: #8a5a00; --note: #3b5675; --good: #1f6b3a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #1a1e24; --desk: #121519; --text: #dcdee1; --soft: #a0a6ae; --ink: #a9c3e6; --rule: #3b424c;
    --gone: #f3a796; --gone-back: #43231d; --new: #9ed8b0; --new-back: #1b3524; --tag: #2b323c;
    --bad: #f09a86; --ask: #e4b75c; --note: #a5bfdd; --good: #86cc9c;
  }
}
* { box-sizing: border-box; }
html { color-scheme: light dark; scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--desk); color: var(--text); font: 1rem/1.75 "PingFang SC", "Hiragino Sans GB",
    "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif; overflow-wrap: anywhere;
}
main { max-width: 68rem; margin: 0 auto; padding: 2.5rem 1rem 4rem; }
h1, h2, h3 { color: var(--ink); line-height: 1.35;
  font-family: "Songti SC", "Noto Serif CJK SC", "Source Han Serif SC",
  "STSong", "SimSun", serif; text-wrap: balance; }
h1 { margin: 0; font-size: 1.9rem; }
h2 { margin: 0 0 1rem; font-size: 1.45rem; }
h3 { margin: 0; font-size: 1.2rem; }
p { margin: 0; }
a { color: var(--ink); text-underline-offset: .2em; text-decoration-thickness: 1px; }
a:focus-visible, summary:focus-visible, .table:focus-visible { outline: 2px solid var(--ink);
  outline-offset: 2px; }
ul { margin: 0; padding: 0; list-style: none; }
del { color: var(--gone); background: var(--gone-back); text-decoration: line-through;
  border-radius: 2px; padding: 0 .1em; }
ins { color: var(--new); background: var(--new-back); text-decoration: underline;
  text-underline-offset: .2em;
  border-radius: 2px; padding: 0 .1em; }
i { display: inline-block; padding: 0 .55em; border-radius: 999px; background: var(--tag);
  color: var(--soft);
  font: normal 400 .78rem/1.6 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
  white-space: nowrap;
  vertical-align: .1em; }
.top { margin-bottom: 1.25rem; }
.top p, article > p, .none { color: var(--soft); }
.tally { display: flex; flex-wrap: wrap; gap: .35rem 1.1rem; margin-top: .4rem; }
.tally b { margin: 0 .15em 0 .4em; font-variant-numeric: tabular-nums; }
.verdict { white-space: nowrap; font-weight: 600; }
.verdict::before { display: inline-block; width: 1.15em; }
.weaker { color: var(--bad); } .weaker::before { content: "▼"; }
.unclear { color: var(--ask); } .unclear::before { content: "◆"; }
.changed.verdict, .other { color: var(--note); } .changed.verdict::before, .other::before { content: "●"; }
.better { color: var(--good); } .better::before { content: "▲"; }
.legend { display: flex; flex-wrap: wrap; gap: .4rem 1.5rem; padding: .6rem 0; margin-bottom: 1.5rem;
  font-size: .9rem;
  color: var(--soft); border-block: 1px solid var(--rule); }
.legend i { margin-right: .4em; }
nav { margin-bottom: 2rem; }
nav h2 { font-size: 1rem; margin: 0 0 .25rem; }
nav > ul > li { padding: .5rem 0; border-bottom: 1px solid var(--rule); }
nav .tally { font-size: .85rem; margin: 0; }
nav > ul > li > a { font-weight: 600; }
.variants { display: flex; flex-wrap: wrap; gap: 0 1.25rem; font-size: .92rem; }
.company { background: var(--paper); border: 1px solid var(--rule); border-radius: 6px; padding: 1.75rem;
  margin-bottom: 2rem; }
table { width: 100%; border-collapse: collapse; font-size: .94rem; line-height: 1.6; }
caption { text-align: left; font-weight: 600; padding-bottom: .4rem; }
th, td { text-align: left; vertical-align: top; padding: .55rem .75rem .55rem 0;
  border-top: 1px solid var(--rule); }
thead th { border-top: 0; border-bottom: 2px solid var(--ink); padding-block: .3rem; color: var(--soft);
  font-weight: 400;
  font-size: .85rem; white-space: nowrap; }
.findings { table-layout: fixed; }
.findings th:nth-child(1) { width: 15%; }
.findings th:nth-child(2), .findings th:nth-child(3) { width: 21%; }
.findings th:nth-child(4) { width: 7.5em; }
.findings th:nth-child(5) { width: 12%; }
.findings small { display: block; font-weight: 400; color: var(--soft); }
.findings code { font: .82rem/1.6 ui-monospace, "SFMono-Regular", Consolas, monospace; color: var(--soft); }
article { margin-top: 2.25rem; padding-top: 1.5rem; border-top: 3px double var(--rule); }
article > p { margin-bottom: .75rem; font-size: .92rem; }
.block { display: grid; grid-template-columns: 3.6em minmax(0, 1fr); column-gap: .5rem;
  padding: .4rem .5rem .4rem .75rem;
  border-left: 3px solid transparent; }
.block p, .block h4, .block h5, .block h6 { margin: 0; font-size: 1rem; line-height: inherit; }
.block h4, .block h5, .block h6 { font-weight: 600; color: var(--ink); }
.block.l1 h4 { font-size: 1.08rem; }
.block.changed { border-left-color: var(--ink); margin-block: .15rem; }
.number { color: var(--soft); font-variant-numeric: tabular-nums; text-align: right; }
.l4 { padding-left: 3rem; }
.notice { font-size: .8rem; font-weight: 600; border: 1px solid var(--bad); color: var(--bad);
  border-radius: 3px; padding: 0 .3em; }
.block.table { display: block; overflow-x: auto; padding-left: calc(4.1em + .75rem); }
details { border-left: 3px solid transparent; }
details[open] { border-left: 3px dotted var(--rule); }
summary {
  cursor: pointer; padding: .15rem .5rem .15rem calc(4.1em + .75rem); color: var(--soft); font-size: .88rem;
}
summary:hover { color: var(--ink); }
td summary { padding-left: 0; }
td details { border: 0; }
td details p { padding: .1rem 1.1rem; color: var(--soft); }
@media (max-width: 44rem) {
  main { padding: 1.5rem .75rem 3rem; }
  h1 { font-size: 1.5rem; }
  h2 { font-size: 1.25rem; }
  .company { padding: 1.1rem .9rem; }
  .findings thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  .findings, .findings caption, .findings tbody, .findings tr, .findings th, .findings td { display: block;
    width: auto !important; }
  .findings tr { padding: .6rem 0; border-top: 1px solid var(--rule); }
  .findings tr:first-child { border-top: 2px solid var(--ink); }
  .findings th, .findings td { border: 0; padding: .1rem 0; }
  .findings td { display: grid; grid-template-columns: 5em minmax(0, 1fr); }
  .findings td::before { content: attr(data-label); color: var(--soft); font-size: .85rem; }
  .block { grid-template-columns: 2.6em minmax(0, 1fr); padding-inline: .4rem 0; }
  .block.table { padding-left: .4rem; }
  summary { padding-left: calc(3.1em + .4rem); }
  td summary { padding-left: 0; }
  .block.table table { min-width: 30rem; }
  .l4 { padding-left: 1.5rem; }
}
@media print {
  :root { --paper: #fff; --desk: #fff; --text: #000; --soft: #444; --ink: #000; --rule: #999;
    --gone: #7a1f10; --new: #0f4423;
    --gone-back: #fff; --new-back: #fff; --tag: #fff; --bad: #7a1f10; --ask: #5c3c00; --note: #223;
    --good: #0f4423; }
  @page { size: A4; margin: 18mm; }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  .company { border: 0; padding: 0; }
  .company + .company { break-before: page; }
  tr, .block { break-inside: avoid; }
  h2, h3, .heading { break-after: avoid; }
  i { border: 1px solid #999; }
  thead { display: table-header-group; }
}
"""
