"""Documented objects are read, and come back with listed differences; they lie where TALLYSTICK_SAMPLES says."""

import importlib.util
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tallystick.codecs.graph import (
    ATTACHMENTS,
    CATEGORIES,
    CONTACTS,
    EVENTS,
    MAIL_FOLDERS,
    MESSAGES,
    TASKS,
    TODO_LISTS,
    differences,
    read_fault,
    read_page,
)
from tallystick.errors import InputError

Problems = list[tuple[str, str]]
CODECS: dict[str, Any] = {
    "contact": CONTACTS,
    "event": EVENTS,
    "todotask": TASKS,
    "message": MESSAGES,
    "eventmessage": MESSAGES,
    "eventmessagerequest": MESSAGES,
    "mailfolder": MAIL_FOLDERS,
    "attachment": ATTACHMENTS,
    "fileattachment": ATTACHMENTS,
    "itemattachment": ATTACHMENTS,
    "referenceattachment": ATTACHMENTS,
    "todotasklist": TODO_LISTS,
    "outlookcategory": CATEGORIES,
}


@pytest.fixture(scope="module")
def samples() -> Path:
    """Return the folder with the samples."""
    folder = os.environ.get("TALLYSTICK_SAMPLES")
    if folder is None:
        pytest.skip("TALLYSTICK_SAMPLES names no folder")
    return Path(folder)


def described(samples: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield file, resource and content of each sample that is no dummy."""
    for row in json.loads((samples / "samples" / "manifest.json").read_text(encoding="utf-8")):
        if "placeholder" not in row["tags"]:
            content = json.loads((samples / "samples" / row["file"]).read_text(encoding="utf-8"))
            yield row["file"], str(row["resource"]).lower(), content


def objects(samples: Path) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Yield file, codec and each object of the samples that a codec is for."""
    for file, resource, content in described(samples):
        if resource in CODECS:
            value = content.get("value", content)
            for one in value if isinstance(value, list) else [value]:
                if "@removed" not in one:
                    yield file, CODECS[resource], one


def test_every_documented_object_comes_back(samples: Path) -> None:
    """Each object is read; written again it says the same, and differs only in ways that the documentation lists."""
    seen = 0
    for file, codec, one in objects(samples):
        record = codec.read(one)
        written = codec.encode(record, one)
        assert codec.read(written) == record, file
        assert [path for path, kind in differences(one, written) if kind is None] == [], file
        seen += 1
    assert seen >= 50


def test_every_documented_page_is_read(samples: Path) -> None:
    """Listings and delta pages are complete or lead on, and every object of them is an item, an absence or a part."""
    seen = 0
    for file, resource, content in described(samples):
        rows = content.get("value")
        if resource in CODECS and isinstance(rows, list) and all("id" in row for row in rows):
            page = read_page(CODECS[resource], content)
            parts = len(page.items) + len(page.removed) + len(page.occurrences)
            assert parts == len({row["id"] for row in rows}), file
            assert page.as_page().complete is ("@odata.nextLink" not in content)
            seen += 1
    assert seen >= 5


def test_every_documented_error_has_a_code(samples: Path) -> None:
    """The service's own word for an error is found."""
    errors = [content for _, resource, content in described(samples) if resource == "error"]

    assert errors
    for content in errors:
        assert not read_fault(400, content).code.startswith("http_")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the validator leaves a file open
def test_what_is_written_passes_the_metadata(samples: Path) -> None:
    """Bodies to be sent, made of every documented object, have no finding in the service's own metadata."""
    check = validator(samples)
    for file, codec, one in objects(samples):
        record = codec.read(one)
        try:
            body = codec.create(record)
        except InputError:  # an excerpt without what a create needs
            continue
        assert check(body, codec.name) == [], file
        before = check(one, codec.name)
        assert [found for found in check(codec.encode(record, one), codec.name) if found not in before] == [], file
        fields = [field for group in codec.groups for field in group.fields]
        if codec is not TASKS or record.title:
            patch = codec.patch(record, {field: getattr(record, field) for field in fields})
            assert check(patch, codec.name) == [], file


def validator(samples: Path) -> Callable[[object, str], Problems]:
    """Return the check of an object against the metadata, which lies beside the samples."""
    path = samples.parent / "tools" / "csdl_validate.py"
    if not path.exists():
        pytest.skip("no validator beside the samples")
    spec = importlib.util.spec_from_file_location("csdl_validate", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[[object, str], Problems] = module.check
    return found
