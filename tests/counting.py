"""What holds of every sum, after whatever was written."""

from tasks.services.tallies import differences, every_tally


def assert_counted() -> None:
    """Every sum, of every app, is what its rows say."""
    assert {tally.__name__: differences(tally) for tally in every_tally()} == {
        "TaskTally": {},
        "WorkflowTally": {},
        "TimeTally": {},
    }
