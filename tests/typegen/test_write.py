"""Stubs are written whole or not at all, never over another's file, and only where something has changed."""

from __future__ import annotations

import pytest

from dorm.typegen.generate import Stub, TypegenError
from dorm.typegen.write import compare, contents, differences, write

PATH = "blog-stubs/models.pyi"


@pytest.fixture
def wanted(files, generator):
    def make(name: str = "Author"):
        files({"blog/models.py": f"import dorm\n\nclass {name}(dorm.Model): ...\n"})
        return contents(generator.stubs())

    return make


def test_a_package_of_stubs_says_that_the_rest_is_in_the_source(wanted, tmp_path):
    write(tmp_path / "typings", wanted(), remove=True)
    assert (tmp_path / "typings/blog-stubs/py.typed").read_text() == "partial\n"


def test_what_is_right_is_left_alone(wanted, tmp_path):
    write(tmp_path / "typings", wanted(), remove=True)
    before = (tmp_path / "typings" / PATH).stat().st_mtime_ns
    changes = write(tmp_path / "typings", wanted(), remove=True)
    assert (changes.written, changes.removed, changes.kept) == ((), (), 3)
    assert (tmp_path / "typings" / PATH).stat().st_mtime_ns == before


@pytest.mark.parametrize(("path", "text"), [(PATH, "x: int\n"), ("blog-stubs/py.typed", "")])
def test_a_file_of_another_hand_is_never_written_over(wanted, tmp_path, path, text):
    file = tmp_path / "typings" / path
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    if path.endswith("py.typed"):
        text = "complete\n"
        file.write_text(text, encoding="utf-8")
    with pytest.raises(TypegenError, match="--out"):
        write(tmp_path / "typings", wanted(), remove=True)
    assert [one.name for one in file.parent.iterdir()] == [file.name]
    assert file.read_text() == text


def test_stubs_of_models_that_are_gone_are_removed(wanted, tmp_path):
    write(tmp_path / "typings", wanted(), remove=True)
    changes = write(tmp_path / "typings", {}, remove=True)
    assert sorted(path.as_posix() for path in changes.removed) == ["_dorm_forms.pyi", PATH]
    assert not (tmp_path / "typings" / "blog-stubs").exists()


def test_a_difference_is_told_shortly(wanted, tmp_path):
    out = tmp_path / "typings"
    write(out, wanted(), remove=True)
    changes = compare(out, wanted("Writer"), remove=True)
    lines = list(differences(out, wanted("Writer"), changes, lines=4))
    assert len(lines) == 5
    assert lines[0] == f"--- {PATH} (now)"
    assert lines[-1].endswith("more lines")


def test_a_write_that_fails_leaves_the_old_file(wanted, tmp_path, monkeypatch):
    out = tmp_path / "typings"
    write(out, wanted(), remove=True)
    before = (out / PATH).read_text()
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError("disk")))
    with pytest.raises(OSError, match="disk"):
        write(out, wanted("Writer"), remove=True)
    assert (out / PATH).read_text() == before
    assert sorted(one.name for one in (out / "blog-stubs").iterdir()) == ["models.pyi", "py.typed"]


def test_only_what_has_changed_is_read_and_made_again(files, generator, monkeypatch):
    files(
        {
            "blog/models.py": "import dorm\n\nclass Author(dorm.Model):\n    age = dorm.IntegerField()\n",
            "shop/models.py": "import dorm\n\nclass Item(dorm.Model):\n    price = dorm.IntegerField()\n",
            "shop/views.py": "from shop.models import Item\nItem.objects.values('price')\n",
        }
    )
    first = {one.path: one for one in generator.stubs()}
    made: list[str] = []
    render = "dorm.typegen.generate.render_module"
    import dorm.typegen.generate as module

    original = module.render_module
    monkeypatch.setattr(
        render, lambda project, one, uses: made.append(one.name) or original(project, one, uses)
    )
    files({"shop/views.py": "from shop.models import Item\nItem.objects.values('id')\n"})
    second = {one.path: one for one in generator.stubs()}
    assert made == ["shop.models"]
    assert [path.as_posix() for path in first if first[path] != second[path]] == ["shop-stubs/models.pyi"]
    assert all(isinstance(one, Stub) for one in second.values())
