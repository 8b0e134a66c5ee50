"""Provide a sink that lives in this process only: for trials, for tests, and as the plain reading of the contract."""

from collections.abc import Sequence

from tallystick.ports import Image, Loser, Side


class MemorySink:
    """Losers, and images where it is told so, in memory. It holds contents."""

    def __init__(self, *, keeps_images: bool = False) -> None:
        self.keeps_images = keeps_images
        self._losers: list[Loser] = []
        self._images: dict[tuple[str, int, str], Image] = {}

    def __repr__(self) -> str:
        return f"<MemorySink, {len(self._losers)} losers, {len(self._images)} images>"

    def keep(self, losers: Sequence[Loser]) -> None:
        """Keep losers, each once."""
        self._losers += [loser for loser in losers if loser not in self._losers]

    def losers(self, sync: str) -> Sequence[Loser]:
        """Return the losers of a sync, oldest first."""
        return [loser for loser in self._losers if loser.sync == sync]

    def keep_images(self, images: Sequence[Image]) -> None:
        """Keep images; one of the same write replaces the one before."""
        self._images.update({(image.sync, image.run, image.write): image for image in images})

    def images(self, sync: str, run: int) -> Sequence[Image]:
        """Return the images of a run in order."""
        return [image for image in self._images.values() if (image.sync, image.run) == (sync, run)]

    def forget(self, sync: str, side: Side | None = None, id: str = "") -> None:  # noqa: A002 - the protocol's word
        """Erase what is kept of a record, or of the sync."""
        self._losers = [
            loser
            for loser in self._losers
            if not (loser.sync == sync and (side is None or (loser.side, loser.id) == (side, id)))
        ]
        self._images = {
            place: image
            for place, image in self._images.items()
            if not (image.sync == sync and (side is None or _of(image, side, id)))
        }


def _of(image: Image, side: Side, one: str) -> bool:
    return one == (image.id if image.side is side else image.source)
