"""The page on importing from other programs: its commands can be given, no program is missing."""

import re
import shlex

import pytest

from tasks.importing.json_exports import COLUMNS
from tasks.importing.mapping_file import preset, preset_names
from tasks.management.commands.taskdock_import import Command
from tests.docs.markdown import REPOSITORY, Page

PAGE = Page(REPOSITORY / "docs" / "import-from.md")
COMMANDS = [command for block in PAGE.blocks() for command in block.commands]
#: What a program's section is called where its name is not all.
HEADINGS = {"github": "GitHub issues", "clickup": "ClickUp"}


@pytest.mark.parametrize(
    "command", [command for command in COMMANDS if not command.startswith("gh ")]
)
def test_command_of_the_page_can_be_given(command):
    python, manage, name, *arguments = shlex.split(command)
    assert (python, manage, name) == ("python", "manage.py", "taskdock_import")
    options = Command().create_parser("manage.py", name).parse_args(arguments)
    assert options.preset in {None, *preset_names()}


@pytest.mark.parametrize("name", preset_names())
def test_page_names_what_is_taken_of_each_program(name):
    heading = HEADINGS.get(name, name.title())
    section = re.search(rf"^## {heading}\n(.*?)^## ", PAGE.text, re.MULTILINE | re.DOTALL)
    assert section is not None
    assert re.search(r"^(Taken|A row is)", section[1], re.MULTILINE)
    assert "Left out:" in section[1]
    assert preset(name).fields["title"]


def test_fields_that_the_page_tells_gh_to_export_are_those_that_are_read():
    (command,) = (command for command in COMMANDS if command.startswith("gh "))
    fields = shlex.split(command)[shlex.split(command).index("--json") + 1]
    assert set(fields.split(",")) == set(COLUMNS["github"])
