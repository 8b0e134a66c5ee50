"""Tell Sphinx how to build the documentation."""

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent))

from printed import TABLES

project = "tallystick"
release = version = installed_version("tallystick")
project_copyright = "the tallystick contributors"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]

myst_enable_extensions = ["colon_fence", "deflist", "substitution"]
myst_heading_anchors = 3
myst_substitutions = TABLES

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_mock_imports = ["greenlet"]  # compiled, and what is shown needs nothing of it
napoleon_numpy_docstring = False

html_theme = "furo"
html_title = f"tallystick {release}"
html_static_path = ["_static"]
html_css_files = ["wide.css"]


def keep_whole(_app: Sphinx, what: str, _name: str, _value: object, _options: object, lines: list[str]) -> None:
    """Keep napoleon from taking what stands before the first colon of a member's docstring for its type."""
    if what in {"attribute", "data", "property"}:
        lines.insert(0, "\\ ")  # an escaped blank, which shows nothing


def setup(app: Sphinx) -> None:
    """Have docstrings seen before napoleon sees them."""
    app.connect("autodoc-process-docstring", keep_whole, priority=400)
