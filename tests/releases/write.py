"""Write down what this release keeps of each scene: its state after a run, as statements, and a saved plan.

Done once for a release, right before it, into a folder of its name; see :mod:`tests.releases.test_kept` for what later
releases must do with it.

    python -m tests.releases.write
"""

import json
import sqlite3
import tempfile
from pathlib import Path

import tallystick as ts
from tallystick.reconcile import Step
from tests.releases.scenes import KEY, SCENES, Scene

HERE = Path(__file__).parent
RELEASE = "0.1.0"


def told(step: Step) -> list[object]:
    """Return what a step is, apart from values and digests."""
    return [step.side.label, step.kind.value, step.target, step.source, step.reason, sorted(step.fields)]


def expected(scene: Scene, state: ts.SqliteState) -> dict[str, object]:
    """Return what is to be found in a state."""
    sync = scene.sync(state)
    return {
        "pairs": sync.status().pairs,
        "history": [[row.number, row.state.value, dict(row.counts)] for row in sync.history()],
        "listed": [[row.side.label, row.id, list(row.reasons)] for row in (*sync.ignored(), *sync.failed())],
    }


def statements(path: Path) -> str:
    """Return a database as the statements that make it."""
    connection = sqlite3.connect(path)
    heads = [
        f"PRAGMA {name} = {connection.execute(f'PRAGMA {name}').fetchone()[0]};"
        for name in ("application_id", "user_version")
    ]
    lines = [*heads, *connection.iterdump()]
    connection.close()
    return "\n".join(lines) + "\n"


def write(name: str, folder: Path) -> None:
    """Write down what is kept of one scene."""
    scene = SCENES[name]()
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "links.db"
        with ts.SqliteState(path, key=KEY) as state:
            scene.sync(state).run()
            found = expected(scene, state)
        (folder / f"{name}.sql").write_text(statements(path), encoding="utf-8")
        scene.later()
        scene.clock.advance(3600)
        with ts.SqliteState(path, key=KEY) as state:
            plan = scene.sync(state).plan()
    (folder / f"{name}.plan.json").write_text(ts.dump_plan(plan) + "\n", encoding="utf-8")
    found["steps"] = [told(step) for step in plan.steps]
    (folder / f"{name}.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    (HERE / RELEASE).mkdir(exist_ok=True)
    for each in SCENES:
        write(each, HERE / RELEASE)
