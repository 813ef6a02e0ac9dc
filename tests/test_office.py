"""The files for counsel in a real office program; run by `make test-more` where LibreOffice is installed."""

from __future__ import annotations

import datetime
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from copies import copied

from pledge.compare import compare
from pledge.export.redline_docx import document

if TYPE_CHECKING:
    from pathlib import Path

SOFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.more,
    pytest.mark.skipif(SOFFICE is None, reason="没有 LibreOffice；安装：apt-get install libreoffice-writer"),
]


def converted(path: Path, form: str) -> bytes:
    """Return the file at *path* as LibreOffice saves it in another form."""
    home = path.parent / "home"
    subprocess.run(
        [
            str(SOFFICE),
            f"-env:UserInstallation=file://{home}",
            "--headless",
            "--convert-to",
            form,
            "--outdir",
            str(path.parent),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return path.with_suffix(f".{form.partition(':')[0]}").read_bytes()


@pytest.fixture
def redline(tmp_path: Path, today: datetime.date) -> Path:
    """Return the tracked changes of one changed value as a file."""
    old, new = copied(tmp_path / "old"), copied(tmp_path / "new")
    path = new / "variables" / "appliances.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("first_contact: 2小时", "first_contact: 24小时"), encoding="utf-8")
    when = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)
    made = tmp_path / "redline.docx"
    made.write_bytes(document(compare(old, new, today), "法务", when))
    return made


def test_tracked_changes_open(redline: Path) -> None:
    """LibreOffice reads the file and keeps both texts, the struck one and the new one."""
    text = converted(redline, "fodt").decode("utf-8")
    assert "<text:tracked-changes" in text
    assert "<dc:creator>法务</dc:creator>" in text
    assert "24小时" in text
    assert "2小时" in text.replace("24小时", "")


def test_tracked_changes_print(redline: Path) -> None:
    """The file becomes a PDF of several pages."""
    assert converted(redline, "pdf").startswith(b"%PDF-")
