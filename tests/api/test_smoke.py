from tasks.testing import make_project


def test_create_with_required_fields_returns_the_task(api):
    project = make_project()
    r = api.post(
        "/tasks", f"task_projectid={project.pk}&task_title=A&task_status=1&task_priority=2"
    )
    assert r.status_code == 201
    assert r.json()["data"]["title"] == "A"
