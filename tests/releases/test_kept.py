"""What a release has written, every later one reads: its states, and its plans, or it says that a new one is due."""

import json
from pathlib import Path
from typing import Any

import pytest

import tallystick as ts
from tallystick.errors import InputError
from tallystick.ports import WriteKind
from tallystick.reconcile.plan_json import FORMAT
from tests.releases.scenes import KEY, SCENES, Scene
from tests.releases.write import expected, told
from tests.state.samples import restore

HERE = Path(__file__).parent
KEPT = sorted(path.with_suffix("").with_suffix("") for path in HERE.glob("*/*.plan.json"))


@pytest.fixture(params=KEPT, ids=lambda path: "/".join(path.parts[-2:]))
def kept(request: pytest.FixtureRequest) -> Path:
    """Return what is kept of each scene, release by release, without its suffix."""
    return Path(request.param)


@pytest.fixture
def found(kept: Path) -> dict[str, Any]:
    """Return what is to be found in it."""
    read: dict[str, Any] = json.loads(kept.with_suffix(".json").read_text(encoding="utf-8"))
    return read


@pytest.fixture
def scene(kept: Path) -> Scene:
    """Return the scene as it was right after that release's run: this release makes the same one."""
    scene = SCENES[kept.name]()
    scene.sync(ts.MemoryState(KEY)).run()
    return scene


@pytest.fixture
def path(kept: Path, tmp_path: Path) -> Path:
    """Return the state that the release wrote."""
    path = tmp_path / "links.db"
    restore(path, kept.with_suffix(".sql"))
    return path


def test_each_scene_is_kept_of_each_release() -> None:
    """No scene is forgotten, and there is a release at all."""
    releases = {path.parent.name for path in KEPT}

    assert "0.1.0" in releases
    assert {path.name for path in KEPT if path.parent.name == "0.1.0"} == set(SCENES)


def test_a_state_is_opened_with_all_that_was_in_it(path: Path, scene: Scene, found: dict[str, Any]) -> None:
    """Pairs, history and standing lists are those that the release has left."""
    with ts.SqliteState(path, key=KEY) as state:
        now = expected(scene, state)

    assert now == {name: found[name] for name in now}


def test_a_state_knows_its_records_again(path: Path, scene: Scene, found: dict[str, Any]) -> None:
    """A run over what the release's run left makes nothing anew, and loses no pair."""
    with ts.SqliteState(path, key=KEY) as state:
        scene.clock.advance(3600)
        report = scene.sync(state).run()
        again = scene.sync(state).run()

    assert not report.written(kind=WriteKind.CREATE)
    assert not report.written(kind=WriteKind.REMOVE)
    assert not again.written()
    assert sum(again.buckets.values()) == sum(report.buckets.values()) >= found["pairs"]


def test_what_was_edited_since_is_planned_as_then(path: Path, scene: Scene, found: dict[str, Any]) -> None:
    """From the release's state this release plans the steps that the release did."""
    scene.later()
    scene.clock.advance(3600)
    with ts.SqliteState(path, key=KEY) as state:
        plan = scene.sync(state).plan()

    assert [told(step) for step in plan.steps] == found["steps"]
    assert plan.steps


def test_a_saved_plan_is_read_or_refused_whole(kept: Path, scene: Scene, found: dict[str, Any]) -> None:
    """A plan of the present format is what it was; one of another format says that a new one is due."""
    text = kept.with_suffix(".plan.json").read_text(encoding="utf-8").strip()
    if json.loads(text)["format"] != FORMAT:
        with pytest.raises(InputError, match="another format"):
            ts.load_plan(text, scene.profile)
        return
    plan = ts.load_plan(text, scene.profile)

    assert [told(step) for step in plan.steps] == found["steps"]
    assert ts.load_plan(ts.dump_plan(plan), scene.profile) == plan


def test_a_saved_plan_can_be_applied(kept: Path, path: Path, scene: Scene, found: dict[str, Any]) -> None:
    """The release's plan, over the release's state, is done by this release."""
    text = kept.with_suffix(".plan.json").read_text(encoding="utf-8").strip()
    if json.loads(text)["format"] != FORMAT:
        return
    scene.later()
    scene.clock.advance(3600)
    with ts.SqliteState(path, key=KEY) as state:
        report = scene.sync(state).apply(ts.load_plan(text, scene.profile))

    assert report.written() == len(found["steps"])
