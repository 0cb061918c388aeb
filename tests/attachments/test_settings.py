import pytest

from tasks.checks import check_settings

FUNCTION = "TASKDOCK['VISIBLE_TO'] "
UNKNOWN = (
    "TASKDOCK has an unknown key 'MAX_FILE'. Known: FILE_EXTENSIONS, MAX_FILES, MAX_FILE_SIZE, "
    "STORAGE, TEAM_MEMBERS, VISIBLE_TO."
)
LIST = (
    "TASKDOCK['FILE_EXTENSIONS'] must be None or a list of file name extensions, such as "
    '["pdf", "png"].'
)
STORAGES = "TASKDOCK['STORAGE'] must be one of the keys of STORAGES: default, staticfiles."
DOT = 'an extension is written without its dot, such as "pdf".'


def problems(settings, value):
    settings.TASKDOCK = value
    return [(error.id, error.msg) for error in check_settings()]


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"TEAM_MEMBERS": None, "VISIBLE_TO": "tasks.people.team_members"},
        {"VISIBLE_TO": print},
        {"STORAGE": "default", "MAX_FILE_SIZE": 1, "MAX_FILES": 1},
        {"FILE_EXTENSIONS": None},
        {"FILE_EXTENSIONS": []},
        {"FILE_EXTENSIONS": ("pdf", "tar.gz", "7z", "C++")},
        {"FILE_EXTENSIONS": {"PDF"}},
    ],
)
def test_check_of_good_settings_is_content(settings, value):
    assert problems(settings, value) == []


@pytest.mark.parametrize(
    ("value", "id_", "message"),
    [
        ([], "E001", "TASKDOCK must be a dict."),
        (
            {"MAX_FILE": 1},
            "E002",
            UNKNOWN,
        ),
        (
            {"VISIBLE_TO": "tasks.nowhere.all"},
            "E003",
            FUNCTION + "can't be imported: No module named 'tasks.nowhere'",
        ),
        ({"VISIBLE_TO": 7}, "E003", FUNCTION + "is no function."),
        ({"STORAGE": "bucket"}, "E003", STORAGES),
        ({"STORAGE": None}, "E003", STORAGES),
        ({"STORAGE": []}, "E003", STORAGES),
        ({"MAX_FILE_SIZE": 0}, "E003", "TASKDOCK['MAX_FILE_SIZE'] must be a positive integer."),
        ({"MAX_FILE_SIZE": None}, "E003", "TASKDOCK['MAX_FILE_SIZE'] must be a positive integer."),
        ({"MAX_FILE_SIZE": "25"}, "E003", "TASKDOCK['MAX_FILE_SIZE'] must be a positive integer."),
        ({"MAX_FILES": True}, "E003", "TASKDOCK['MAX_FILES'] must be a positive integer."),
        ({"MAX_FILES": 1.5}, "E003", "TASKDOCK['MAX_FILES'] must be a positive integer."),
        (
            {"FILE_EXTENSIONS": "pdf"},
            "E003",
            LIST,
        ),
        (
            {"FILE_EXTENSIONS": ["png", ".pdf"]},
            "E003",
            f"TASKDOCK['FILE_EXTENSIONS'] holds '.pdf': {DOT}",
        ),
        ({"FILE_EXTENSIONS": [""]}, "E003", f"TASKDOCK['FILE_EXTENSIONS'] holds '': {DOT}"),
        ({"FILE_EXTENSIONS": [1]}, "E003", f"TASKDOCK['FILE_EXTENSIONS'] holds 1: {DOT}"),
        ({"FILE_EXTENSIONS": ["{x}"]}, "E003", f"TASKDOCK['FILE_EXTENSIONS'] holds '{{x}}': {DOT}"),
    ],
)
def test_check_of_a_mistake_names_it(settings, value, id_, message):
    assert problems(settings, value) == [(f"taskdock.{id_}", message)]


def test_check_of_several_mistakes_names_them_all(settings):
    value = {"MAX_FILES": 0, "COLOUR": "red", "STORAGE": "bucket"}
    ids = [id_ for id_, _ in problems(settings, value)]
    assert ids == ["taskdock.E002", "taskdock.E003", "taskdock.E003"]
