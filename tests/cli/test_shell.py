"""`dorm shell`: code given by -c and stdin, and the console, with `await` in all of them.

Stands on processes of their own: a shell takes the terminal, and the names of the process it is in.
"""

from __future__ import annotations

import asyncio
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from dorm.cli.console import AwaitingConsole
from dorm.cli.main import main

MODELS = """
class Author(dorm.Model):
    name = dorm.CharField(max_length=50)
"""


@pytest.fixture
def blog(project):
    project.app("blog", MODELS)
    project.app("shop", "class Item(dorm.Model):\n    pass\n\nclass Author(dorm.Model):\n    pass\n")
    assert shell("-c", "dorm.create_tables()").returncode == 0
    return project


def shell(*argv, stdin="", environ=None):
    return subprocess.run(
        [sys.executable, "-m", "dorm", "shell", *argv],
        input=stdin, capture_output=True, text=True, check=False, env=environ,
    )  # fmt: skip


def talk(text, *argv, environ=None):
    """Return what a terminal shows in which *text* is typed, and the status of the shell."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "dorm", "shell", *argv]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environ)
    os.close(theirs)
    os.write(ours, text.encode())
    shown = b""
    try:
        while part := os.read(ours, 65536):
            shown += part
    except OSError:
        # Linux ends a terminal so, https://bugs.python.org/issue5380
        pass
    os.close(ours)
    return shown.decode().replace("\r\n", "\n"), process.wait()


# -- code that is given ---------------------------------------------------------------------------


def test_a_command_sees_the_models_and_may_await(blog):
    done = shell("-c", "await Author.objects.acreate(name='Ada'); print(Author.objects.get().name)")
    assert (done.returncode, done.stdout, done.stderr) == (0, "Ada\n", "")


def test_a_program_comes_by_stdin(blog):
    text = "for name in 'ab':\n    Author.objects.create(name=name)\n\nprint(await Author.objects.acount())\n"
    done = shell(stdin=text)
    assert (done.returncode, done.stdout, done.stderr) == (0, "2\n", "")


def test_a_program_may_run_a_loop_of_its_own(blog):
    text = (
        "import asyncio\n\nasync def count():\n    return await Author.objects.acount()\n\n"
        "print(asyncio.run(count()), asyncio.run(count()), await count())\n"
    )
    # There is an `await`, so this program is in a loop already.
    assert "cannot be called from a running event loop" in shell(stdin=text).stderr
    done = shell(stdin=text.replace(", await count()", ""))
    assert (done.returncode, done.stdout) == (0, "0 0\n")


@pytest.mark.parametrize("code", ["1 / 0", "async def f(): 1 / 0\nawait f()"])
def test_a_command_that_fails_ends_with_1_and_its_own_traceback(blog, code):
    done = shell("-c", code)
    assert done.returncode == 1
    assert done.stderr.startswith('Traceback (most recent call last):\n  File "<command>", line ')
    assert done.stderr.endswith("ZeroDivisionError: division by zero\n")


def test_a_command_that_is_no_python_ends_with_1(blog):
    done = shell("-c", "x ==")
    assert done.returncode == 1 and "SyntaxError" in done.stderr


@pytest.mark.parametrize(("code", "status"), [("exit(7)", 7), ("exit()", 0), ("exit('no')", 1)])
def test_a_command_may_choose_its_status(blog, code, status):
    done = shell("-c", code)
    assert (done.returncode, done.stderr) == (status, "no\n" if status == 1 else "")


@pytest.mark.parametrize("rest", ["", "; await dorm.ahealth_check()"])
def test_an_interrupted_program_ends_with_130(blog, rest):
    code = f"import os, signal; os.kill(os.getpid(), signal.SIGINT){rest}"
    done = shell("-c", code)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "\ndorm: interrupted\n")


def test_names_of_the_command_line_are_not_in_the_way(blog):
    done = shell("-c", "print(sorted(name for name in dir() if name[0] != '_'))")
    assert done.stdout == "['Author', 'Item', 'dorm']\n"


def test_a_function_of_a_program_sees_what_it_defined(blog):
    done = shell("-c", "n = 3\ndef f(): return n\nprint(f(), [n for _ in range(1)], __name__)")
    assert done.stdout == "3 [3] __main__\n"


def test_without_a_database_it_says_so(folder):
    folder.write("settings.py")
    done = shell("-c", "1")
    assert done.returncode == 2 and "No database configured" in done.stderr


def test_where_a_loop_is_running_no_shell_can_be(project, capsys):
    async def program():
        return main(["shell", "-c", "1"])

    assert asyncio.run(program()) == 2
    assert "cannot be called where an event loop is running" in capsys.readouterr().err


# -- the console ----------------------------------------------------------------------------------


def test_the_console_tells_what_is_imported_and_takes_await(blog):
    shown, status = talk("await Author.objects.acount()\nx = 40\nx + 2\n1 / 0\nx + 3\nexit()\n", "--plain")
    assert status == 0
    assert "settings: sqlite db.sqlite3\n2 models imported:\n  blog: Author\n  shop: Item\n" in shown
    assert "not imported, for its name is taken: shop.Author of shop.models\n" in shown
    assert "`await` works here." in shown
    for answer in ("\n0\n", "\n42\n", "ZeroDivisionError", "\n43\n"):
        assert answer in shown


def test_the_console_keeps_one_loop_for_all_its_awaits(capsys):
    names = {}
    console = AwaitingConsole(names)
    for line in (
        "import asyncio",
        "async def loop(): return asyncio.get_running_loop()",
        "",
        "first = await loop()",
        "second = await loop()",
        "same = first is second",
        "between = asyncio._get_running_loop()",
    ):
        assert not console.push(line) or line.startswith("async")
    console.close()
    assert (names["same"], names["between"]) == (True, None)
    assert capsys.readouterr().err == ""


def test_ipython_is_taken_where_it_is_installed(blog, tmp_path):
    code = "def start_ipython(argv, user_ns):\n    print('IPYTHON', argv, user_ns['Author'].__module__)\n"
    Path(tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "IPython.py").write_text(code)
    environ = {**os.environ, "PYTHONPATH": str(tmp_path / "lib")}
    shown, status = talk("", environ=environ)
    assert status == 0 and "2 models imported" in shown
    assert "IPYTHON ['--no-banner'] blog.models\n" in shown
    plain, _ = talk("exit()\n", "--plain", environ=environ)
    assert "IPYTHON" not in plain
