"""Receivers of every signal, as a site's code would have them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.dispatch import Signal

from tasks import signals
from tasks.actors import Actor
from tasks.models import Task

SIGNALS = {name: value for name, value in vars(signals).items() if isinstance(value, Signal)}


class Heard(list[tuple[str, dict[str, Any]]]):
    """Each signal by its name, with what it says of its own; beside it who did it, by name."""

    def __init__(self) -> None:
        super().__init__()
        self.actors: list[Actor] = []
        self.moments: list[dt.datetime] = []

    def of(self, task: Task) -> list[tuple[str, dict[str, Any]]]:
        """What was said of one task."""
        return [(name, said) for name, said in self if said["task_id"] == task.pk]

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self]

    def take(self) -> list[tuple[str, dict[str, Any]]]:
        """All that was said since the last time."""
        taken = list(self)
        self.clear()
        return taken


@contextmanager
def hearing(*names: str) -> Iterator[Heard]:
    """Listen to the signals of these names, by default to all."""
    heard = Heard()

    def receiver_of(name: str) -> Any:
        def receive(*, signal: Signal, sender: Any, actor: Actor, at: Any, **said: Any) -> None:
            assert (signal, sender) == (SIGNALS[name], Task)
            heard.append((name, said))
            heard.actors.append(actor)
            heard.moments.append(at)

        return receive

    with ExitStack() as stack:
        for name in names or SIGNALS:
            receiver = receiver_of(name)
            SIGNALS[name].connect(receiver)
            stack.callback(SIGNALS[name].disconnect, receiver)
        yield heard
