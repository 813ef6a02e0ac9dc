"""The one reader of YAML: text as written, with its place and span, and nothing a reviewer cannot see."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledge.read import HIDDEN, MAX_BYTES, MAX_DEPTH, MAX_HIDDEN, Mapping, Node, Scalar, Sequence, parse, read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def scalars(node: Node | None) -> Iterator[Scalar]:
    """Yield every scalar in *node*, keys too."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from scalars(item)
    elif isinstance(node, Mapping):
        for name, entry in node.entries.items():
            yield node.keys[name]
            yield from scalars(entry)


def only(text: str) -> Scalar:
    """Return the value of the only key in *text*."""
    document = parse(text, "a.yml")
    assert document.problems == []
    (entry,) = document.mapping.entries.values()
    assert isinstance(entry, Scalar)
    return entry


def shown(text: str) -> list[str]:
    """Return the problems of *text* as lines."""
    return [problem.text() for problem in parse(text, "a.yml").problems]


@pytest.mark.parametrize(
    "word",
    [
        "010",
        "0x1F",
        "0o17",
        "18:30",
        "1:20:30",
        "NO",
        "no",
        "yes",
        "on",
        "Off",
        "y",
        "1.10",
        "1_000",
        "1e3",
        ".inf",
        ".nan",
        "2026-12-01",
        "010-8888",
        "=",
        "<<",
        "+1",
        "true",
        "95%",
        "2小时",
        "~x",
        "null值",
    ],
)
def test_plain_words_stay_what_was_written(word: str) -> None:
    """What YAML 1.1 takes for a number, a time, a date or a truth value is read as its own text."""
    scalar = only(f"k: {word}\n")
    assert (word, True, False) == (scalar.text, scalar.plain, scalar.empty)


@pytest.mark.parametrize("word", ["", "~", "null", "Null", "NULL"])
def test_nothing_written_is_empty(word: str) -> None:
    """A plain null is empty; in quotes it is a word."""
    assert only(f"k: {word}\n").empty
    assert not only(f"k: '{word}'\n").empty


# File, then for each scalar its text, line, column and span as written.
PLACED = [
    ("a: 1\nb: 2\n", [("a", 1, 1, "a"), ("1", 1, 4, "1"), ("b", 2, 1, "b"), ("2", 2, 4, "2")]),
    ("甲: 乙丙 # 注\n", [("甲", 1, 1, "甲"), ("乙丙", 1, 4, "乙丙")]),
    ("a: '它''s'\n", [("a", 1, 1, "a"), ("它's", 1, 4, "'它''s'")]),
    ('a: "\\u4e2d\\n"\n', [("a", 1, 1, "a"), ("中\n", 1, 4, '"\\u4e2d\\n"')]),
    ("a: [x,  'y' ]\n", [("a", 1, 1, "a"), ("x", 1, 5, "x"), ("y", 1, 9, "'y'")]),
    ("a: {x:  y}\n", [("a", 1, 1, "a"), ("x", 1, 5, "x"), ("y", 1, 9, "y")]),
    ("a:\n  - 𠮷野家\n  - b\n", [("a", 1, 1, "a"), ("𠮷野家", 2, 5, "𠮷野家"), ("b", 3, 5, "b")]),
    ("a:\r\n  b: 2\r\n", [("a", 1, 1, "a"), ("b", 2, 3, "b"), ("2", 2, 6, "2")]),
    ("a: 1\n", [("a", 1, 1, "a"), ("1", 1, 4, "1")]),
    ("a: x\n  y\nb:\n", [("a", 1, 1, "a"), ("x y", 1, 4, "x\n  y"), ("b", 3, 1, "b"), ("", 3, 3, "")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PLACED)
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "BOM"])
def test_places_and_spans(text: str, expected: list[tuple[str, int, int, str]], mark: str) -> None:
    """A scalar knows its line and column, and its span cuts out exactly what was written, quotes too."""
    text = mark + text
    found = [
        (scalar.text, scalar.place.line, scalar.place.column, text[scalar.start : scalar.end])
        for scalar in scalars(parse(text, "a.yml").root)
    ]
    assert expected == found


def test_first_line() -> None:
    """Front matter counts its lines from where it stands in the page."""
    document = parse("a: 1\na: 2\n", "a.md", 2)
    assert [problem.text() for problem in document.problems] == [
        "a.md:3:1: “a”写了两次（第一次在第2行）；删去一处 (duplicate-key)"
    ]


_BROKEN = "不符合 YAML 的写法；检查这一行和上一行：冒号后要有空格，缩进要对齐，引号要成对 (not-yaml)"
_ANCHOR = "不支持 YAML 的锚点和引用（& 和 *）；直接写出值，或者给它加引号 (yaml-feature)"
_DEEP = f"嵌套超过{MAX_DEPTH}层；检查缩进和括号 (yaml-feature)"
_KEY = "键只能是一个词；若要写花括号或方括号，请加引号 (yaml-feature)"


_TAG = "不支持 YAML 的类型标记（!）"
_TWICE = "写了两次（第一次在第1行）；删去一处 (duplicate-key)"


def hidden(place: str, code: str) -> str:
    """Return the line for a hidden character."""
    return f"{place}: 含有看不见的字符 U+{code}；删去它再保存 (hidden-character)"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a: 1\na: 2\na: 3\n", [f"2:1: “a”{_TWICE}", f"3:1: “a”{_TWICE}"]),
        ("a: {b: 1, 'b': 2}\n", [f"1:11: “b”{_TWICE}"]),
        ("a: &x 1\n", [f"1:4: {_ANCHOR}"]),
        ("a: *x\n", [f"1:4: {_ANCHOR}"]),
        ("&x a: 1\n", [f"1:1: {_ANCHOR}"]),
        ("a: &x [1]\n", [f"1:4: {_ANCHOR}"]),
        ("<<: *x\n", [f"1:5: {_ANCHOR}"]),
        ("a: !!int 1\n", [f"1:4: {_TAG}；给这个值加引号 (yaml-feature)"]),
        ("a: !!python/object/apply:os.system [x]\n", [f"1:4: {_TAG}；删去它 (yaml-feature)"]),
        ("a: ! 1\n", [f"1:4: {_TAG}；给这个值加引号 (yaml-feature)"]),
        ("a: 1\n---\nb: 2\n", ["2:1: 一个文件只能有一份内容；删去多余的“---” (yaml-feature)"]),
        ("a: 1\n...\n---\n", ["3:1: 一个文件只能有一份内容；删去多余的“---” (yaml-feature)"]),
        ("[" * MAX_DEPTH + "]" * MAX_DEPTH, []),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), [f"1:13: {_DEEP}"]),
        ("{a: " * 5000, [f"1:49: {_DEEP}"]),
        ("- " * 5000, [f"1:25: {_DEEP}"]),
        ("? [a]\n: b\n", [f"1:3: {_KEY}"]),
        ("{{ a }}: b\n", [f"1:2: {_KEY}"]),
        ("a: {{ b }}\n", [f"1:5: {_KEY}"]),
        ("\ta: 1\n", ["1:1: 缩进用了制表符；改用空格 (not-yaml)"]),
        ("a:\n\tb: 1\n", ["2:1: 缩进用了制表符；改用空格 (not-yaml)"]),
        ("a: b: c\n", [f"1:5: {_BROKEN}"]),
        ("a: 1\n  b: 2\n", [f"2:4: {_BROKEN}"]),
        ("a: 'x\n", [f"2:1: {_BROKEN}"]),
        ("a: [x\n", [f"2:1: {_BROKEN}"]),
        ("a: %x\n", [f"1:4: {_BROKEN}"]),
        ("a: @x\n", [f"1:4: {_BROKEN}"]),
        ('a: "\\q"\n', [f"1:5: {_BROKEN}"]),
        ('a: "\\ud800"\n', [f"1:7: {_BROKEN}"]),
        ("%YAML 9.9\n---\na: 1\n", [f"1:1: {_BROKEN}"]),
        ("a\u200b: 1\n", [hidden("1:2", "200B")]),
        ("a: 1\nb: x\u202ey\u2069\n", [hidden("2:5", "202E"), hidden("2:7", "2069")]),
        ("a: 1\n# \x1b[31m\n", [hidden("2:3", "001B")]),
        ("a: \ufeffb\n", [hidden("1:4", "FEFF")]),
        ('a: "x\\u202ey"\n', [hidden("1:4", "202E")]),
        ('a: "\\0"\n', [hidden("1:4", "0000")]),
        ('a: "\\U000E0041"\n', [hidden("1:4", "E0041")]),
        ('"\\u200b": 1\n', [hidden("1:1", "200B")]),
    ],
)  # fmt: skip
def test_refused(text: str, lines: list[str]) -> None:
    """What YAML allows but nobody sees at a glance is refused, each with its place and the way out."""
    assert [f"a.yml:{line}" for line in lines] == shown(text)


def test_hidden_characters_are_listed_up_to_a_limit() -> None:
    """A file full of hidden characters shows the first ones, and shows them soon."""
    lines = shown("\u200b" * (MAX_BYTES // 3))
    assert MAX_HIDDEN == len(lines)
    assert lines[-1] == f"a.yml:1:{MAX_HIDDEN}: 含有看不见的字符 U+200B；删去它再保存 (hidden-character)"


@pytest.mark.parametrize("character", "　 、“”—…·ａ９%中𠮷é\t")
def test_visible_characters_are_not_hidden(character: str) -> None:
    """What people type in Chinese text is not taken for a hidden character."""
    assert HIDDEN.search(character) is None


def test_a_key_twice_keeps_the_first() -> None:
    """The first of two equal keys is the one that is read."""
    (entry,) = parse("a: 1\na: 2\n", "a.yml").mapping.entries.values()
    assert isinstance(entry, Scalar)
    assert entry.text == "1"


@pytest.mark.parametrize("text", ["", "# 注\n", "---\n", "\ufeff", "[1]\n", "x\n"])
def test_mapping_of_a_file_that_holds_none(text: str) -> None:
    """A file that is no mapping can still be asked for one: it is empty."""
    assert parse(text, "a.yml").mapping.entries == {}


def _lines(path: Path, root: Path) -> list[str]:
    document = read(path, root)
    assert document.root is None
    return [problem.text() for problem in document.problems]


_UNREADABLE = "文件打不开；检查文件名、类型和权限 (unreadable)"


def test_file_that_is_missing(tmp_path: Path) -> None:
    """A file that is not there is a problem with its name."""
    expected = ["a.yml:1:1: 没有这个文件；检查文件名、类型和权限 (unreadable)"]
    assert expected == _lines(tmp_path / "a.yml", tmp_path)


def test_file_that_is_none(tmp_path: Path) -> None:
    """A folder, a pipe and a device are not opened, so none of them is waited for."""
    (tmp_path / "folder.yml").mkdir()
    os.mkfifo(tmp_path / "pipe.yml")
    (tmp_path / "zero.yml").symlink_to("/dev/zero")
    assert [f"folder.yml:1:1: {_UNREADABLE}"] == _lines(tmp_path / "folder.yml", tmp_path)
    assert [f"pipe.yml:1:1: {_UNREADABLE}"] == _lines(tmp_path / "pipe.yml", tmp_path)
    assert [f"zero.yml:1:1: {_UNREADABLE}"] == _lines(tmp_path / "zero.yml", tmp_path)


def test_file_that_is_a_loop_of_links(tmp_path: Path) -> None:
    """Links that lead nowhere but to each other are a problem at the link."""
    (tmp_path / "a.yml").symlink_to("b.yml")
    (tmp_path / "b.yml").symlink_to("a.yml")
    assert [f"a.yml:1:1: {_UNREADABLE}"] == _lines(tmp_path / "a.yml", tmp_path)


def test_file_that_is_not_utf8(tmp_path: Path) -> None:
    """The line of the first byte that is not UTF-8 is named."""
    (tmp_path / "a.yml").write_bytes("a: 1\nb: 示例\n".encode("gb18030"))
    expected = ["a.yml:2:1: 文件不是 UTF-8 编码；用编辑器另存为 UTF-8 (not-utf8)"]
    assert expected == _lines(tmp_path / "a.yml", tmp_path)


def test_path_outside_the_project(tmp_path: Path) -> None:
    """A file outside the project is named as it was given."""
    outside = tmp_path / "a.yml"
    outside.write_text("a: 1\n", encoding="utf-8")
    assert outside.as_posix() == read(outside, tmp_path / "project").path


@given(st.text(max_size=200))
def test_text_is_read_or_refused(text: str) -> None:
    """Whatever stands in a file, it is read or refused with a place inside it, never an exception."""
    document = parse(text, "a.yml")
    ends = text.count("\n") + text.count("\r") + 2
    assert [] == [problem for problem in document.problems if not 1 <= problem.line <= ends]
    for scalar in scalars(document.root):
        assert 0 <= scalar.start <= scalar.end <= len(text)


@given(st.dictionaries(st.from_regex("[a-z]{1,8}", fullmatch=True), st.text("甲乙 '\"#:x0", max_size=9)))
def test_quoted_text_is_read_back(entries: dict[str, str]) -> None:
    """What is written in single quotes is read back, and its span is what was written."""
    quoted = {key: "'" + text.replace("'", "''") + "'" for key, text in entries.items()}
    text = "".join(f"{key}: {written}\r\n" for key, written in quoted.items())
    found = parse(text, "a.yml").mapping.entries
    assert entries == {key: node.text for key, node in found.items() if isinstance(node, Scalar)}
    spans = {key: text[node.start : node.end] for key, node in found.items() if isinstance(node, Scalar)}
    assert quoted == spans
