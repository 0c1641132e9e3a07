"""A finished HTML page keeps its tags and loses every copy of a blanked value."""

from __future__ import annotations

from pathlib import Path

import pytest

from ngc_pipelines_tests.unit.disclosure.tables.finishing.finished import finished

PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>Tabel</title><style>td { text-align: right }</style>
<script>var data = {"Nord": [3, 4127]};</script></head>
<body><h1>Tabel 1</h1><!-- Nord: 4127 mænd -->
<table class="tal"><caption>Patienter</caption>
<tr><th>Region</th><th colspan="1">Kvinder</th><th>Mænd</th><th>I alt</th></tr>
<tr class="r"><td>Nord</td><td data-value="3"><b>3</b></td><td title="4127 mænd">4127</td><td>4130</td></tr>
<tr><td>Syd</td><td>2533</td><td>3139</td><td>5672</td></tr>
<tr><td>&Oslash;st</td><td>4451</td><td>4093</td><td>8544</td></tr>
<tr><td>Vest</td><td>4</td><td>5581</td><td>5585</td></tr>
<tr><td>I alt</td><td>6991</td><td>16940</td><td>23931</td></tr>
</table><p>Kilde: NGC</p></body></html>
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "in.html"
    file.write_text(PAGE, "utf-8")
    return file


def test_cells_are_blanked_and_all_other_tags_and_texts_stay(page: Path, tmp_path: Path) -> None:
    finished(page, tmp_path / "out.html", prefer="blank")
    after = (tmp_path / "out.html").read_text("utf-8")
    assert '<tr class="r"><td>Nord</td><td>*</td><td>*</td><td>4130</td></tr>' in after
    assert "<tr><td>Syd</td><td>2533</td><td>3139</td><td>5672</td></tr>" in after
    assert "<tr><td>&Oslash;st</td><td>4451</td>" in after
    assert "<style>td { text-align: right }</style>" in after
    assert after.endswith("</table><p>Kilde: NGC</p></body></html>\n")


def test_no_script_comment_or_attribute_holds_a_blanked_value(page: Path, tmp_path: Path) -> None:
    done = finished(page, tmp_path / "out.html", prefer="blank")
    after = (tmp_path / "out.html").read_text("utf-8")
    assert "4127" not in after
    assert "5581" not in after
    told = " ".join(words.en for words in done.left_behind)
    assert "scripts" in told
    assert "comments" in told
    assert "attributes" in told


def test_a_merged_row_goes_out_of_the_page(page: Path, tmp_path: Path) -> None:
    finished(page, tmp_path / "out.html", prefer="merge")
    after = (tmp_path / "out.html").read_text("utf-8")
    assert "<td>Øvrige / Other</td><td>7</td><td>9708</td><td>9715</td>" in after
    assert after.count("<tr") == 5
