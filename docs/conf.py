"""Tell Sphinx how to build the documentation."""

from importlib.metadata import version as installed_version

project = "tallystick"
release = version = installed_version("tallystick")
project_copyright = "the tallystick contributors"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "description"
napoleon_numpy_docstring = False

html_theme = "furo"
html_title = f"tallystick {release}"
