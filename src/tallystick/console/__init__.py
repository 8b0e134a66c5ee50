"""Provide the console: an ASGI app that shows syncs to people, for a host to mount in a backend of its own.

Its libraries are an extra, and this is where they are asked for. Read in this order: ``door`` (who may do what),
``forgery`` (that it was this page that asked), ``headers`` (what browsers may do with an answer), ``desk`` and
``visit`` (a request that was let in), the pages (``overview``, ``history``, ``standing``, ``mending``, ``settling``,
``planning``, ``explaining``), what they show (``values``, ``fields``, ``chart``, ``words``), and ``app``.
"""

from tallystick.errors import MissingExtra as _MissingExtra

try:
    import jinja2 as _jinja2  # noqa: F401 -- asked for, no more
    import starlette as _starlette  # noqa: F401 -- the same
except ModuleNotFoundError as _error:
    raise _MissingExtra(f"the console needs {_error.name}", remedy="pip install 'tallystick[console]'") from None

from tallystick.console.app import console as console
from tallystick.console.door import Action as Action
from tallystick.console.door import Authorise as Authorise
