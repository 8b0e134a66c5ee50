"""Run every check of the project: ``nox`` runs them all, ``nox -s lint types`` some, ``nox -r`` keeps environments."""

import re
import shutil
import tarfile
import tomllib
from hashlib import sha256
from pathlib import Path

import nox

ROOT = Path(__file__).parent
LONGEST_FILE = 450
DAV_SERVERS = ("radicale>=3.5", "xandikos>=0.2.12", "kinto>=20", "waitress", "setuptools<82")
LEAST_DAV_TESTS = 26
LEAST_BROWSER_TESTS = 18
EXTRAS = ".[cli,dav,fleet,graph,html,otel,postgresql,sql]"
MUTATION = "mutmut==3.8.1"  # this release: its operators are used, which are no public interface

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "venv"
nox.options.error_on_external_run = True
nox.options.stop_on_first_error = False


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests and hold branch coverage to its floor; with arguments, run what they name."""
    session.install("-e", ".[cli,test]")
    session.run("python", "-m", "pytest", *(session.posargs or ["-n", "auto", "--cov"]))


@nox.session(python=["3.11", "3.12", "3.13"], default=False)
def pythons(session: nox.Session) -> None:
    """Run the tests under each release of Python that is there."""
    session.install("-e", ".[cli,test]")
    session.run("python", "-m", "pytest", "-n", "auto", *session.posargs)


@nox.session(name="property")
def property_tests(session: nox.Session) -> None:
    """Run the laws on many more examples."""
    session.install("-e", ".[cli,test]")
    session.run(
        "python",
        "-m",
        "pytest",
        "-n",
        "auto",
        "-m",
        "property and not soak",
        "--hypothesis-profile=long",
        *session.posargs,
    )


@nox.session(default=False)
def mutants(session: nox.Session) -> None:
    """Put small faults into what decides, one at a time: a test has to fail of each. Arguments say where, how many."""
    session.install("-e", ".[cli,test]", MUTATION)
    session.run("python", "-m", "tests.mutation", *session.posargs)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Feed each kind of hostile input to its readers for half a minute, or for as many seconds as the argument says."""
    session.install("-e", ".[cli,test]")
    seconds = session.posargs[0] if session.posargs else "30"
    session.run("python", "-m", "pytest", "-m", "fuzz", env={"TALLYSTICK_FUZZ_SECONDS": seconds})


@nox.session
def oracles(session: nox.Session) -> None:
    """Compare recurrence with other people's implementations, which it installs: npm packages and PyPI's."""
    packages = _npm_install(session, "rrule@2", "ical.js@2", "cldr-core", "cldr-bcp47")
    session.install("-e", ".[cli,test]", "icalendar", "recurring-ical-events", "tzlocal")
    session.run("python", "-m", "pytest", "-m", "oracle", *session.posargs, env={"TALLYSTICK_NODE_MODULES": packages})


@nox.session
def dav(session: nox.Session) -> None:
    """Try address books, calendars and a document store on servers of other people's making, which it installs."""
    session.install("-e", ".[cli,test]", *DAV_SERVERS)
    report = Path(session.create_tmp()).resolve() / "report.xml"
    session.run(
        "python", "-m", "pytest", "-n", "auto", "-m", "dav", f"--junit-xml={report}", "tests/dav", *session.posargs
    )
    figures = re.search(r'<testsuite [^>]*skipped="(\d+)" tests="(\d+)"', report.read_text(encoding="utf-8"))
    if figures is None or int(figures[1]) or (int(figures[2]) < LEAST_DAV_TESTS and not session.posargs):
        session.error("some tests were skipped, or are no longer there")


@nox.session
def console(session: nox.Session) -> None:
    """Go through the console in a browser, with axe-core looking; ``-- pictures`` takes those of the docs anew."""
    packages = _npm_install(session, "axe-core@4")
    session.install("-e", ".[cli,console,test]", "selenium>=4.20")
    report = Path(session.create_tmp()).resolve() / "report.xml"
    env = {"TALLYSTICK_AXE": f"{packages}/axe-core/axe.min.js"}
    if "pictures" in session.posargs:
        env["TALLYSTICK_PICTURES"] = str(ROOT / "docs" / "how-to" / "console")
    session.run(
        ".ci/with-chromium",
        "python",
        "-m",
        "pytest",
        "-m",
        "browser",
        f"--junit-xml={report}",
        "tests/console/browser",
        env=env,
        external=True,
    )
    figures = re.search(r'<testsuite [^>]*skipped="(\d+)" tests="(\d+)"', report.read_text(encoding="utf-8"))
    if figures is None or int(figures[1]) or int(figures[2]) < LEAST_BROWSER_TESTS:
        session.error("some tests were skipped, or are no longer there")


@nox.session(default=False)
def graph_models(session: nox.Session) -> None:
    """Check that the official models of Microsoft Graph take what is written; they are 400 MB."""
    session.install("-e", ".[test]", "msgraph-sdk")
    session.run("python", "-m", "tests.codecs.graph.official_models")


@nox.session
def zones(session: nox.Session) -> None:
    """Check that the tables of zone names are those of the latest CLDR; with ``--write``, write them anew."""
    packages = _npm_install(session, "cldr-core", "cldr-bcp47")
    session.install("-e", ".", "ruff")
    session.run("python", "tests/recurrence/zone_table.py", "--packages", packages, *session.posargs)
    if "--write" in session.posargs:
        session.run("ruff", "format", "--quiet", "src/tallystick/recurrence")


def _npm_install(session: nox.Session, *packages: str) -> str:
    """Install npm packages into the session's own folder, and return their ``node_modules``."""
    missing = [program for program in ("node", "npm") if shutil.which(program) is None]
    if missing:
        session.error(f"{' and '.join(missing)} not found: install Node.js 18 or later, which brings both")
    folder = Path(session.create_tmp()).resolve() / "npm"
    folder.mkdir(exist_ok=True)
    quietly = ("--no-audit", "--no-fund", "--loglevel=error")
    session.run("npm", "install", "--prefix", str(folder), *quietly, *packages, external=True)
    return str(folder / "node_modules")


@nox.session
def soak(session: nox.Session) -> None:
    """Live 200,000 histories on all cores, or as the arguments say, and run the tests that take minutes."""
    session.install("-e", ".[cli,test]")
    session.run("python", "-m", "tests.simulation.soak", *session.posargs)
    session.run("python", "-m", "pytest", "-n", "auto", "-m", "soak")


@nox.session
def fleet(session: nox.Session) -> None:
    """Run fleets on other people's engines and a server: 2,000 mailboxes and 200,000 contacts, or ``-- short``."""
    session.install("-e", ".[celery,dask,fleet,test]")
    length = "short" if "short" in session.posargs else "long"
    session.run(
        ".ci/with-postgresql",
        "python",
        "-m",
        "pytest",
        "-m",
        "engines",
        "-s",
        "tests/fleet/engines",
        env={"TALLYSTICK_FLEET": length},
        external=True,
    )
    if length == "long":
        session.run("python", "benchmarks/fleet_day.py")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, format, spelling, the floors, and the length of files."""
    session.install("-e", ".[lint]")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("codespell")
    session.run("lint-imports", "--no-logo")
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in ROOT.glob("src/**/*.py")}
    too_long = [f"{path.relative_to(ROOT)} ({length})" for path, length in lengths.items() if length > LONGEST_FILE]
    if too_long:
        session.error(f"longer than {LONGEST_FILE} lines: {', '.join(sorted(too_long))}")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types of everything with mypy, the library's with pyrefly too, and the public face with pyright."""
    session.install("-e", ".[cli,fleet,test,types]")
    session.run("mypy")
    session.run("pyrefly", "check")
    session.run("basedpyright")
    session.run("basedpyright", "--verifytypes", "tallystick", "--ignoreexternal")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation from scratch; a warning is an error."""
    session.install("-e", ".[cli,console,dav,docs,graph,otel,sql]")
    session.run("sphinx-build", "-q", "-E", "-W", "--keep-going", "docs", "docs/_build/html", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Count what runs do against what they did before, then measure what has a target; arguments go to the latter."""
    session.install(".")
    session.run("python", "benchmarks/operations.py")
    session.run("python", "benchmarks/targets.py", *session.posargs)
    session.run("python", "benchmarks/observers.py", "--size", "1000", "--rounds", "9")
    session.run("python", "benchmarks/calendar_sync.py")


@nox.session(default=False)
def peers(session: nox.Session) -> None:
    """Time other libraries beside an initial run, which it installs; arguments go to the benchmark."""
    session.install(".", "diffsync>=2.2", "O365>=2.1", "pandas>=2.2", "polars>=1", "vdirsyncer>=0.20")
    session.run("python", "benchmarks/peers.py", *session.posargs)


@nox.session(reuse_venv=False)
def package(session: nox.Session) -> None:
    """Build sdist and wheel, install the wheel, run the demo, and test it beside an unpacked sdist without src."""
    dist = Path(session.create_tmp()).resolve() / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    session.install("build")
    session.run("python", "-m", "build", "--outdir", str(dist))
    (wheel,) = dist.glob("*.whl")
    (sdist,) = dist.glob("*.tar.gz")

    session.install(f"tallystick[cli] @ {wheel.as_uri()}")
    session.run("tallystick", "demo", "--contacts", "200")

    session.install(f"tallystick[cli,test] @ {wheel.as_uri()}")
    with tarfile.open(sdist) as archive:
        archive.extractall(dist, filter="data")
    unpacked = dist / sdist.name.removesuffix(".tar.gz")
    shutil.rmtree(unpacked / "src")
    with session.chdir(unpacked):
        session.run("python", "-m", "pytest", "-n", "auto", *session.posargs)


@nox.session(reuse_venv=False, default=False)
def release(session: nox.Session) -> None:
    """Build what is to be published, twice and alike, check it, and list its materials."""
    scratch = Path(session.create_tmp()).resolve()
    needed, materials = _needed(session, scratch), scratch / "tallystick.cdx.json"
    session.install("build", "cyclonedx-bom", "twine")
    digests = _built(session, scratch / "dist")
    if digests != _built(session, scratch / "again"):
        session.error("two builds of one commit differ: a release has to be reproducible")
    session.run("twine", "check", "--strict", *(str(scratch / "dist" / name) for name in digests))
    project = ("--pyproject", "pyproject.toml", "--output-reproducible")
    session.run("cyclonedx-py", "requirements", needed, *project, "--output-file", str(materials), silent=True)
    session.log("\n".join([f"{digest}  {name}" for name, digest in digests.items()]))
    session.log(f"bill of materials: {materials}")


@nox.session(reuse_venv=False, default=False)
def audit(session: nox.Session) -> None:
    """Ask whether anything that the library depends on has a known weakness; what can't be asked about fails."""
    needed = _needed(session, Path(session.create_tmp()).resolve())
    session.install("pip-audit")
    how = ("--strict", "--no-deps", "--disable-pip", "--progress-spinner", "off")
    session.run("pip-audit", *how, "--requirement", needed, *session.posargs)


def _needed(session: nox.Session, scratch: Path) -> str:
    """Install the library with its extras, and return the path of a list of what came along."""
    session.install(EXTRAS)
    frozen = session.run("python", "-m", "pip", "freeze", "--exclude", "tallystick", silent=True)
    (scratch / "requirements.txt").write_text(str(frozen), encoding="utf-8")
    return str(scratch / "requirements.txt")


def _built(session: nox.Session, dist: Path) -> dict[str, str]:
    """Build the sdist and the wheel of this commit, and return the digest of each."""
    shutil.rmtree(dist, ignore_errors=True)
    date = session.run("git", "log", "-1", "--format=%ct", external=True, silent=True)
    session.run("python", "-m", "build", "--outdir", str(dist), env={"SOURCE_DATE_EPOCH": str(date).strip()})
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(dist.iterdir())}


@nox.session
def lowest(session: nox.Session) -> None:
    """Run the tests with the lowest release that each dependency of the library admits."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    bounds = [
        *project["dependencies"],
        *extras["cli"],
        *extras["console"],
        *extras["graph"],
        *extras["otel"],
        *extras["postgresql"],
    ]
    session.install("-e", ".[cli,test]", *(re.sub(">=([^;]+)", r"==\1", bound) for bound in bounds))
    # httpx and starlette bring anyio, here one whose plugin for pytest, which nothing uses, is too old for the latest.
    # By the environment, since some tests start a session of their own.
    options = {"PYTEST_ADDOPTS": "-p no:anyio"}
    session.run("python", "-m", "pytest", "-n", "auto", *session.posargs, env=options)
