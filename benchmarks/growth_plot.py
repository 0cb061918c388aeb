"""The picture of growth: a panel a group, the typical answer and the slowest of the worst case."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from benchmarks.growth_report import Growth, Timings

#: Colours that are read on white as well as on black, since the picture has no ground of its own.
TEXT, GRID, TYPICAL, WORST, TARGET = "#7d8590", "#7d859040", "#2f81f7", "#d9730d", "#cf4a4a"
SLOWEST_CASE = "slowest case: 99 of 100 answers within"
MEDIAN_CASE = "median case: half of the answers within"
#: With how the lines are drawn.
TARGETS = {"target": "--", "target with the exact total": ":"}
TITLES = {
    "filter": "One filter",
    "two filters": "Two filters",
    "skewed": "Skewed",
    "search": "Search",
    "sort": "Sorts",
    "far page": "Far pages",
    "detail": "One task, one project",
    "other lists": "Other lists",
    "write": "Create, change status",
}
MILLISECONDS = (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


@dataclass(frozen=True)
class Panel:
    """What a group has at each size: milliseconds of the typical and of the slowest answers."""

    title: str
    sizes: list[int]
    typical: list[float]
    worst: list[float]
    #: That of the rows; and where it is missed, that of their exact total.
    targets: list[int]


def plot(growth: Growth, path: Path) -> None:
    """Write an SVG that needs nothing from elsewhere and goes with a light and a dark page."""
    panels = [_panel(group, growth) for group in dict.fromkeys(case.group for case in growth)]
    columns = 4 if len(panels) <= 8 else 3
    rows = -(-len(panels) // columns)
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "growth", "text.color": TEXT}):
        figure = Figure(figsize=(10, 0.7 + 2.3 * rows), layout="constrained")
        places = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        for number, axes in enumerate(places.flat):
            if number >= len(panels):
                axes.remove()
                continue
            _draw(axes, panels[number])
            # Also where a column is shorter than the others.
            axes.tick_params(labelbottom=number + columns >= len(panels))
        _scale(figure.axes[0], panels)
        _explain(figure)
        figure.supxlabel("tasks in the table", color=TEXT, fontsize=9)
        figure.supylabel("milliseconds", color=TEXT, fontsize=9)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, transparent=True, metadata={"Date": None, "Title": "Growth"})


def _panel(group: str, growth: Growth) -> Panel:
    chosen = {case: sizes for case, sizes in growth.items() if case.group == group}
    sizes = sorted({tasks for timings in chosen.values() for tasks in timings})
    at: Mapping[int, list[Timings]] = {
        tasks: [timings[tasks] for timings in chosen.values()] for tasks in sizes
    }
    worst = [max(timings.within(99) for timings in at[tasks]) for tasks in sizes]
    case = next(iter(chosen))
    targets = [limit for limit in (case.target, case.total) if limit]
    return Panel(
        TITLES[group],
        sizes,
        [median(timings.within(50) for timings in at[tasks]) for tasks in sizes],
        worst,
        [limit for place, limit in enumerate(targets) if place == 0 or max(worst) > targets[0]],
    )


def _draw(axes: Axes, panel: Panel) -> None:
    axes.set_title(panel.title, color=TEXT, fontsize=10, fontweight="bold", loc="left")
    axes.fill_between(panel.sizes, panel.typical, panel.worst, color=WORST, alpha=0.12, linewidth=0)
    axes.plot(panel.sizes, panel.worst, "o-", color=WORST, markersize=3.5, label=SLOWEST_CASE)
    axes.plot(panel.sizes, panel.typical, "o-", color=TYPICAL, markersize=3.5, label=MEDIAN_CASE)
    for limit, (label, line) in zip(panel.targets, TARGETS.items(), strict=False):
        axes.axhline(limit, color=TARGET, linestyle=line, linewidth=1, label=label)
    for values, color, up in ((panel.worst, WORST, 3), (panel.typical, TYPICAL, -3)):
        axes.annotate(
            f"{values[-1]:.1f}" if values[-1] < 9.95 else f"{values[-1]:.0f}",
            (panel.sizes[-1], values[-1]),
            xytext=(5, up),
            textcoords="offset points",
            color=color,
            fontsize=8.5,
            fontweight="bold",
            va="center",
        )
    axes.grid(color=GRID, linewidth=0.6)
    axes.spines[:].set_visible(False)
    axes.tick_params(colors=TEXT, length=0, labelsize=8.5)


def _explain(figure: Figure) -> None:
    """What the lines are, above all panels, each once."""
    lines: dict[str, Artist] = {}
    for axes in figure.axes:
        for line, label in zip(*axes.get_legend_handles_labels(), strict=True):
            lines.setdefault(label, line)
    figure.legend(
        lines.values(),
        lines.keys(),
        loc="outside upper center",
        ncols=len(lines),
        frameon=False,
        fontsize=9,
    )


def _scale(axes: Axes, panels: list[Panel]) -> None:
    """Both axes go by factors; all panels share them."""
    sizes = sorted({tasks for panel in panels for tasks in panel.sizes})
    values = [value for panel in panels for value in (*panel.typical, *panel.worst)]
    limits = [limit for panel in panels for limit in panel.targets]
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(sizes[0] / 1.5, sizes[-1] * 4)
    axes.set_ylim(min(values) / 1.8, max(*values, *limits) * 1.8)
    axes.xaxis.set_major_locator(FixedLocator(sizes))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda tasks, _: _short(tasks)))
    axes.yaxis.set_major_locator(FixedLocator(MILLISECONDS))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())


def _short(tasks: float) -> str:
    return f"{tasks / 1_000_000:g} M" if tasks >= 1_000_000 else f"{tasks / 1000:g} k"
