"""API documentation: Sphinx builds it as the documents say, and numpydoc finds docstrings to be in its form."""

import re
import subprocess
import sys

import kernels
import pytest
from numpydoc.validate import validate

#: What is for a spec's author to say: an extended summary, examples, links to others, a word on an argument, where a summary
#: begins; and how docstrings stand in Python code.
LEFT_OUT = {"ES01", "EX01", "SA01", "PR07", "RT03", "SS02", "GL02"}


def blocks(language):
    """The blocks of the passage on API documentation in one language."""
    text = (kernels.ROOT / "docs" / "building.md").read_text(encoding="utf-8")
    passage = text.partition("### API documentation\n")[2].partition("\n## ")[0]
    return re.findall(rf"```{language}\n(.*?)```", passage, re.S)


def test_sphinx_builds_what_the_document_shows(tmp_path):
    (conf,), (index,) = blocks("python"), blocks("rst")
    (tmp_path / "conf.py").write_text(conf)
    (tmp_path / "index.rst").write_text(index)
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "text", ".", "out"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0 and done.stderr == "", done.stdout + done.stderr
    page = (tmp_path / "out" / "index.txt").read_text()
    for words in (
        "gilexample.sum(x, /, axis=None, *, out=None, keepdims=False, where=True, initial=...)\n",
        "gilexample.axpy(a, x, y, /, out=None, *, where=True, casting=",
        "gilexample.pairwise_distance(x, y, /, out=None, *, axes=..., axis=..., keepdims=False, casting=",
        "class gilexample.num_threads(n, /)\n",
        "**casting, order, dtype, subok, signature** : optional",
        "**dist** : ndarray of float32 or float64, shape (..., m, n)",
    ):
        assert words in page, page


@pytest.mark.parametrize("kernel", kernels.ALL, ids=str)
def test_docstrings_are_numpydocs(kernel):
    found = validate(f"{kernel.package}.{kernel.name}")["errors"]
    assert [error for error in found if error[0] not in LEFT_OUT] == []


@pytest.mark.parametrize("name", ["num_threads", "get_num_threads", "set_num_threads", "show_config"])
def test_docstrings_of_all_packages_are_numpydocs(name):
    found = validate(f"gilexample.{name}")["errors"]
    assert [error for error in found if error[0] not in LEFT_OUT] == []
