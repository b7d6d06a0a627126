"""Following what is published: the next snapshot is opened in the background while the old one answers.

Opening verifies every byte, which takes seconds for a large snapshot (docs/adr/0008-index-and-snapshots.md), and no
question waits for it. What was opened is taken over between two questions, by `take_over`.
"""

from __future__ import annotations

from threading import Event, Lock, Thread

from index.embedder import Embedder
from index.errors import IndexProblem, SnapshotCorrupt
from index.publication import Published, published
from index.snapshot import Snapshot


class SnapshotFollower:
    """Holds the snapshot that serves and prepares the one that is published; safe to use from several threads.

    A snapshot that cannot be opened is reported once and not tried again until CURRENT is written anew.
    """

    def __init__(self, snapshot: Snapshot, embedder: Embedder) -> None:
        """`snapshot` serves first; `embedder` is the one it was built with."""
        self._serving = snapshot
        self._root = snapshot.root
        self._embedder = embedder
        self._state = Lock()
        self._opening: Thread | None = None
        self._next: Snapshot | None = None
        self._problem: Exception | None = None
        self._refused: Published | None = None
        self._stopped = Event()

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot that serves; a search reads this once and finishes on what it got."""
        return self._serving

    def take_over(self, wait_s: float | None = None) -> bool:
        """Serve the published snapshot from now on if it is another one and could be opened; True if that happened.

        Cheap when nothing changed (one small file is read). Opening runs in a thread of its own: with `wait_s`
        None this waits until it is done; otherwise only the call that began it waits, at most `wait_s` seconds, so
        that a small snapshot serves at once and a large one delays nobody. Raises, once, why the published snapshot
        cannot serve (IndexProblem or OSError); the old one serves on.
        """
        before = self._opening
        opening = self.prepare()
        if opening is not None and (wait_s is None or opening is not before):
            opening.join(wait_s)
        with self._state:
            problem, self._problem = self._problem, None
            if problem is not None:
                raise problem
            if self._next is None:
                return False
            self._serving, self._next = self._next, None
            return True

    def prepare(self) -> Thread | None:
        """Begin to open the published snapshot where that is called for; the thread that does it, if one runs."""
        with self._state:
            if self._opening is not None:
                return self._opening
            wanted = published(self._root)
            if wanted.id == self._serving.id:
                self._next = None  # published, taken back before it was taken over
            elif wanted != self._refused and (self._next is None or wanted.id != self._next.id):
                self._opening = Thread(target=self._open, args=(wanted,), name="snapshot", daemon=True)
                self._opening.start()
            return self._opening

    def watch(self, every_s: float = 0.5) -> None:
        """Prepare what is published without waiting to be asked, from a daemon thread, until `close`."""

        def look() -> None:
            while not self._stopped.wait(every_s):
                try:
                    self.prepare()
                except (IndexProblem, OSError):
                    continue  # nothing published for the moment; `take_over` says so to whoever asks

        Thread(target=look, name="snapshots", daemon=True).start()

    def close(self) -> None:
        """Stop watching."""
        self._stopped.set()

    def _open(self, wanted: Published) -> None:
        found: Snapshot | None = None
        problem: Exception | None = None
        try:
            found = Snapshot.open(self._root, self._embedder)
        except (IndexProblem, OSError) as error:
            problem = error
        except Exception as error:  # noqa: BLE001 - nobody waits here: what broke is told by `take_over`
            problem = SnapshotCorrupt(f"snapshot {wanted.id} cannot be opened: {type(error).__name__}: {error}")
        with self._state:
            self._next = found if found is not None and found.id != self._serving.id else None
            self._problem = problem
            self._refused = wanted if problem is not None else None
            self._opening = None
