"""Charts that the server draws as SVG: for light and dark, for a phone and for paper.

Each is drawn twice, as wide as a page and as wide as a phone, and the stylesheet shows the one that
fits, so that no text shrinks. Colours are classes of ``taskdock/charts.css``; the numbers are in a
table besides. A page that has charts takes in ``CHARTS``.
"""

from django import forms

from tasks.admin.charts.bars import Bar, bar_chart
from tasks.admin.charts.figures import Chart
from tasks.admin.charts.lines import Line, line_chart

CHARTS = forms.Media(
    css={"all": ["taskdock/charts.css"], "print": ["taskdock/print.css"]},
)

__all__ = ["CHARTS", "Bar", "Chart", "Line", "bar_chart", "line_chart"]
