"""Which gangs have some of their workers on nodes and not all of them."""

from typing import Any

from . import trainings


class GangWatch:
    """Follows the pods of trainings; `see` is for `Changes`."""

    def __init__(self, workers: int):
        self._workers = workers
        self._placed: dict[str, set[str]] = {}  # the placed pods of each training, by name
        self._since: dict[str, float] = {}  # when a gang that is partly placed began to be
        self.most_partly_placed = 0  # at any one time
        self.longest_partly_placed = 0.0  # seconds, of those that became whole

    @property
    def placed(self) -> int:
        """Pods on nodes now, as far as was seen."""
        return sum(map(len, self._placed.values()))

    def see(self, now: float, change: dict[str, Any]) -> None:
        pod = change["object"]
        training, name = trainings.of_pod(pod), pod["metadata"]["name"]
        placed = self._placed.setdefault(training, set())
        if change["type"] == "DELETED":
            placed.discard(name)
        elif pod["spec"].get("nodeName"):
            placed.add(name)
        if 0 < len(placed) < self._workers:
            self._since.setdefault(training, now)
            self.most_partly_placed = max(self.most_partly_placed, len(self._since))
        elif since := self._since.pop(training, None):
            self.longest_partly_placed = max(self.longest_partly_placed, now - since)
