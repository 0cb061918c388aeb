"""What is asked while the table grows, and how soon it is to be answered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Template

#: Milliseconds within which 99 of 100 answers are to come. An answer has its rows and the exact
#: total, and the total of a search may take longer than its rows.
FIRST_PAGE, FAR_PAGE, TOTAL, SEARCHED_TOTAL = 20, 150, 100, 500


@dataclass(frozen=True)
class Case:
    """A request with gaps, which are filled from a task drawn by chance: see ``draws``."""

    group: str
    name: str
    path: str
    method: str = "GET"
    body: str | None = None
    #: Milliseconds, for the rows; and for the exact total that comes with them.
    target: int | None = FIRST_PAGE
    total: int | None = None

    def request(self, values: Mapping[str, object]) -> tuple[str, str, str | None]:
        """The method, the path and the body."""
        body = None if self.body is None else Template(self.body).substitute(values)
        return self.method, Template(self.path).substitute(values), body


FILTERS = {
    "unfiltered": "",
    "project": "project_id=$project",
    "client": "client_id=$client",
    "status": "status=$status",
    "priority": "priority=$priority",
    "milestone": "milestone_id=$milestone",
    "active": "active_state=active",
    "archived": "active_state=archived",
    "assignee": "assigned_user_id=$user",
}
PAIRS = {
    "project, status": "project_id=$project&status=$status",
    "project, assignee": "project_id=$project&assigned_user_id=$user",
    "project, milestone": "project_id=$project&milestone_id=$milestone",
    "project, priority": "project_id=$project&priority=$priority",
    "project, active": "project_id=$project&active_state=active",
    "project, archived": "project_id=$project&active_state=archived",
    "status, active": "status=$status&active_state=active",
    "status, archived": "status=$status&active_state=archived",
    "status, priority": "status=$status&priority=$priority",
    "assignee, active": "assigned_user_id=$user&active_state=active",
    "assignee, archived": "assigned_user_id=$user&active_state=archived",
    "assignee, status": "assigned_user_id=$user&status=$status",
    "assignee, status, no hit": "assigned_user_id=$user&status=$others_status",
    "client, status": "client_id=$client&status=$status",
    "client, active": "client_id=$client&active_state=active",
    "client, assignee": "client_id=$client&assigned_user_id=$user",
    "milestone, status": "milestone_id=$milestone&status=$status",
}
#: The seed's titles are "Task 123: see to the matter of the 123 pages".
SEARCHES = {
    "no hit": "search=nobody+wrote+$task",
    "11 hits": "search=task+$few",
    "11% hit": "search=of+the+$digit",
    "one digit, 6 of 10 hit": "search=$digit",
    "all hit": "search=matter",
    "11% hit, in a project": "search=of+the+$digit&project_id=$project",
    "11 hits, archived": "search=task+$few&active_state=archived",
    "11% hit, active": "search=of+the+$digit&active_state=active",
    "all hit, by title": "search=matter&sort=task_title&order=asc",
}
SORTS = ("task_created", "task_date_due", "task_title", "task_position")
LISTS = {
    "projects": "projects?",
    "projects, by title": "projects?sort=project_title&order=asc",
    "projects, by progress": "projects?sort=project_progress&order=desc",
    "projects, search": "projects?search=$digit",
    "projects of a client": "projects?client_id=$client",
    "milestones of a project": "milestones?project_id=$project",
    "timesheets": "timesheets?",
    "timesheets of a user": "timesheets?user_id=$user",
    "timesheets of a project": "timesheets?project_id=$project",
    "timesheets of a client": "timesheets?client_id=$client",
    "timesheets of a month": "timesheets?date_start=2026-03-01&date_end=2026-03-31",
    "timesheets, by time": "timesheets?sort=timer_time&order=desc",
    "comments of a task": "tasks/$discussed/comments?",
    "timers of a task": "tasks/$task/timers?",
    "clients": "clients?",
    "team": "team?",
}
CREATE = (
    '{"task_projectid": $project, "task_title": "Measured task", "task_status": $status,'
    ' "task_priority": $priority, "task_date_start": "2026-06-15",'
    ' "task_date_due": "2026-06-19", "task_billable": true}'
)
#: What ``skew.py`` makes of the rows.
SKEWED = {
    "big project": "project_id=$big_project",
    "big project, status": "project_id=$big_project&status=$status",
    "big project, rare status": "project_id=$big_project&status=$rare_status",
    "big project, assignee": "project_id=$big_project&assigned_user_id=$user",
    "big project, busy assignee": "project_id=$big_project&assigned_user_id=$busy_user",
    "big project, active": "project_id=$big_project&active_state=active",
    "big project, archived": "project_id=$big_project&active_state=archived",
    "big project, by title": "project_id=$big_project&sort=task_title&order=asc",
    "big project, by due date": "project_id=$big_project&sort=task_date_due&order=asc",
    "busy assignee": "assigned_user_id=$busy_user",
    "busy assignee, archived": "assigned_user_id=$busy_user&active_state=archived",
    "busy assignee, rare status": "assigned_user_id=$busy_user&status=$rare_status",
    "busy assignee, by due date": "assigned_user_id=$busy_user&sort=task_date_due&order=asc",
    "rare status": "status=$rare_status",
    "rare status, active": "status=$rare_status&active_state=active",
    "rare status, by due date": "status=$rare_status&sort=task_date_due&order=asc",
    "archived": "active_state=archived",
    "archived, by due date, last first": "active_state=archived&sort=task_date_due&order=desc",
}


def cases(*, skewed: bool) -> list[Case]:
    """All of them; those that write come last."""
    return list(_cases(skewed=skewed))


def _cases(*, skewed: bool) -> Iterator[Case]:
    for name, query in FILTERS.items():
        yield _tasks("filter", name, query, total=TOTAL)
    for name, query in PAIRS.items():
        yield _tasks("two filters", name, query, total=TOTAL)
    if skewed:
        for name, query in SKEWED.items():
            yield _tasks("skewed", name, query, total=TOTAL)
    for name, query in SEARCHES.items():
        yield _tasks("search", name, query, total=SEARCHED_TOTAL)
    for sort in SORTS:
        for order in ("asc", "desc"):
            query = f"sort={sort}&order={order}"
            yield _tasks("sort", f"{sort} {order}", query, total=TOTAL)
            in_project = f"project_id=$project&{query}"
            yield _tasks("sort", f"{sort} {order}, project", in_project, total=TOTAL)
            far = f"{query}&page=$far_page"
            yield _tasks("far page", f"{sort} {order}, page at 3/4", far, target=FAR_PAGE)
    far = "active_state=active&page=$active_far_page"
    yield _tasks("far page", "active, page at 3/4", far, target=FAR_PAGE)
    yield _tasks("far page", "last page", "page=$last_page", target=FAR_PAGE)
    yield Case("detail", "one task", "/api/tasks/$task")
    yield Case("detail", "one project", "/api/projects/$project")
    for name, rest in LISTS.items():
        yield Case("other lists", name, f"/api/{rest}&limit=25".replace("?&", "?"), total=TOTAL)
    yield Case("write", "create", "/api/tasks", "POST", CREATE, target=None)
    body = '{"status": $next_status}'
    yield Case("write", "status", "/api/tasks/$task/status", "PUT", body, target=None)


def _tasks(
    group: str, name: str, query: str, *, target: int = FIRST_PAGE, total: int | None = None
) -> Case:
    path = f"/api/tasks?{query}&limit=25".replace("?&", "?")
    return Case(group, name, path, target=target, total=total)
