"""What the Sphinx extension adds to a page."""

from types import SimpleNamespace

import pytest
from sphinx.project import Project

from embedgov.plotting.fonts import FONT_FILES
from embedgov_press import extension, postprocess


@pytest.mark.parametrize("url", ["", None, "https://github.com/owner/book"])
def test_chapters_open_in_binder_only_where_a_repository_is_named(url):
    config = SimpleNamespace(html_theme_options={"repository_url": url})
    extension._offer_launch(None, config)
    buttons = config.html_theme_options.get("launch_buttons", {})
    assert ("binderhub_url" in buttons) == bool(url)
    assert "colab_url" not in buttons  # it opens a chapter alone, without the package and the tables


@pytest.mark.parametrize("end", [".git", "/", ".git/"])
def test_an_address_as_it_is_copied_leads_to_the_chapters(end):
    config = SimpleNamespace(html_theme_options={"repository_url": f"https://github.com/owner/book{end}"})
    extension._offer_launch(None, config)
    assert config.html_theme_options["repository_url"] == "https://github.com/owner/book"


@pytest.mark.parametrize("base", ["", "https://example.org/book"])
def test_a_page_says_how_to_cite_it(base):
    config = SimpleNamespace(
        author="Ann and Ben",
        project="A Book",
        copyright="2026",
        html_baseurl=base,
        embedgov_study="Cy (2019). A Study.",
    )
    text = extension._citation(config, "notebooks/one", "# Title: a chapter\n\ntext\n\n## Part")
    assert "Ann and Ben (2026). Title: a chapter. In *A Book*" in text
    assert "The study: Cy (2019). A Study.\n" in text
    assert "@incollection{embedgov_one,\n  author = {{Ann and Ben}},\n  title = {Title: a chapter}" in text
    assert text.count("https://example.org/book/notebooks/one.html") == (2 if base else 0)


def test_a_book_without_executed_chapters_is_refused_in_one_message(tmp_path):
    """A notebook that the book excludes, as the executed copies are, is none of its chapters."""
    for name in ("book/intro.md", "notebooks/one.ipynb", "_executed/other.ipynb"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    project = Project(tmp_path, (".md", ".ipynb"))
    app = SimpleNamespace(
        project=project,
        env=SimpleNamespace(doc2path=lambda name: project.doc2path(name, True)),
        config=SimpleNamespace(
            embedgov_executed=str(tmp_path / "_executed"),
            exclude_patterns=["_executed"],
            include_patterns=["**"],
        ),
    )
    with pytest.raises(SystemExit, match="1 chapters have not been executed .*run `make book`"):
        extension._require_executed_chapters(app)
    (tmp_path / "_executed" / "one.ipynb").touch()
    extension._require_executed_chapters(app)


PAGE = (
    '<html><head>\n<meta charset="utf-8" />\n<style>p{color:red}</style><script>alert(1)</script>'
    '<script src="a.js"></script></head><body><button onclick="window.print()">p</button>'
    '<figure class="x" id="fig-one"><img src="a.svg"><figcaption>One</figcaption></figure></body></html>'
)


def test_the_policy_names_the_scripts_and_styles_of_the_page_itself():
    finished = postprocess.process(PAGE)
    policy = finished.partition('Content-Security-Policy" content="')[2].partition('"')[0]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'" and "unsafe" not in policy and "http" not in policy
    # echo -n 'alert(1)' | openssl dgst -sha256 -binary | base64
    assert rules["script-src"] == "'self' 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"
    assert rules["style-src"].count("sha256-") == 2
    assert finished.index("Content-Security-Policy") < finished.index("<style>")


def test_a_page_is_finished_once():
    finished = postprocess.process(PAGE)
    assert postprocess.process(finished) == finished
    assert "onclick" not in finished
    assert finished.count('href="../downloads/fig-one.svg"') == 1
    assert finished.index("fig-one.png") < finished.index("</figcaption>")


def test_a_part_of_the_contents_that_opens_has_a_name():
    page = PAGE.replace(
        "<body>", '<body><details><summary><span class="toctree-toggle"></span></summary></details>'
    )
    assert '<summary aria-label="The pages below"><span' in postprocess.process(page)


def test_a_font_is_kept_only_while_it_would_be_made_of_the_same(tmp_path, monkeypatch):
    site, kept = tmp_path / "site", tmp_path / "kept"
    (site / "_static").mkdir(parents=True)
    kept.mkdir()
    page, own = site / "a.html", tmp_path / "own.ttf"
    page.write_text("\u793e\u533a", encoding="utf-8")
    own.write_bytes(FONT_FILES["regular"].read_bytes())
    monkeypatch.setitem(FONT_FILES, "regular", own)
    made = []
    monkeypatch.setattr(extension, "web_font", lambda text: made.append(text) or text.encode())

    def write():
        extension.write_web_font(site, kept)
        return len(made)

    assert [write(), write()] == [1, 1]
    own.write_bytes(own.read_bytes() + b"another")
    assert [write(), write()] == [2, 2]
    page.write_text("\u793e", encoding="utf-8")
    assert [write(), write()] == [3, 3]
    assert (site / "_static" / "book-chinese.woff").read_text(encoding="utf-8") == "\u793e"
    assert len(list(kept.iterdir())) == 1
