"""No input makes the plugin fail: it says what is wrong, or nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from dorm_mypy.guard import default_type, guarded

ODD = """
import dorm
from nowhere import Thing
from typing import Any, TypeVar

args: Any = ()
kw: Any = {}
M = TypeVar("M", bound=dorm.Model)

class A(dorm.Model):
    a = dorm.ForeignKey("Nope", dorm.CASCADE)
    b = dorm.ForeignKey()
    c = dorm.ForeignKey(*args)
    d = dorm.ForeignKey(**kw)
    e = dorm.ForeignKey(Thing, dorm.CASCADE)
    f = dorm.ForeignKey(Undefined, dorm.CASCADE)
    g = dorm.ForeignKey("x.y.Z", dorm.CASCADE)
    h = dorm.ForeignKey("", dorm.CASCADE)
    i = dorm.ForeignKey("..", dorm.CASCADE)
    j = dorm.ForeignKey(3, dorm.CASCADE)
    k = dorm.CharField(null=kw)
    l = dorm.CharField[str](null=True)
    m: int = dorm.IntegerField()
    n = o = dorm.IntegerField()
    p, q = dorm.IntegerField(), dorm.IntegerField()
    __ = dorm.IntegerField()
    _id = dorm.IntegerField()
    id = dorm.CharField(primary_key=True)
    pk = dorm.IntegerField()
    r = dorm.Field()
    s = dorm.Field[int]()
    t = lambda: dorm.CharField()
    u = [dorm.CharField()]
    v = dorm.ForeignKey("self", dorm.CASCADE, related_name=3)
    w = dorm.ForeignKey("self", dorm.CASCADE, related_name="a")
    x = dorm.ForeignKey(A, dorm.CASCADE)
class B(B): pass
class C(D): pass
class D(C): pass
class E(A, dorm.Model): pass
class E2(dorm.Model, A): pass
class G(A):
    class Meta:
        abstract = kw
    a = dorm.TextField()
    id_id = dorm.ForeignKey("A", dorm.CASCADE, primary_key=True)
class H(dorm.Model):
    h = dorm.ForeignKey("I", dorm.CASCADE, primary_key=True)
class I(dorm.Model):
    h = dorm.ForeignKey("H", dorm.CASCADE, primary_key=True)
class Meta(dorm.Model):
    class Meta:
        abstract, b = True, 3
class NoManager(dorm.Model):
    objects = 3
def f() -> None:
    class L(dorm.Model):
        name = dorm.CharField()
        a = dorm.ForeignKey("self", dorm.CASCADE)
    L.objects.filter(nme=3)
class Outer:
    class Inner(dorm.Model):
        name = dorm.CharField()
    x = Inner.objects.filter(nam=3)
A.objects.filter()
A.objects.filter(**{"x": 3}, a=3)
A.objects.filter(3, "x", *args, **kw)
A.objects.filter(__=3, a__=3, a__b__c=3, m__in=None, m__range=3, k__range=[], m__isnull=None)
A.objects.values(*args, "a", 3)
A.objects.values_list(flat=kw)
A.objects.values_list("a", flat=kw)
A.objects.values_list(flat=True)
A.objects.values("").get()
A.objects.annotate(dorm.Count("x"), x=3, y=dorm.Count(), z=dorm.Sum(), w=dorm.F())
A.objects.annotate(x=lambda: 3, y=dorm.F("a") + "x" + 3 - dorm.F("zz"), z=dorm.Value(), **kw)
A.objects.annotate(aa=dorm.F(name=3), bb=dorm.Sum(expression="m"), cc=dorm.Max(dorm.F("m") + dorm.F("k")))
A.objects.aggregate(dorm.Count("*"))
A.objects.order_by(3, None, "-", "--a", "", "__", "a__", "__a", *args)
A.objects.select_related().select_related(None).select_related("", "__", *args)
A.objects.only("__", "").defer(*args)
A.objects.update(**kw)
A(**kw)
A(3)
(A.objects if kw else B.objects).filter(q=3)
H.objects.filter(h__h__h__h=3)
dorm.Manager().filter(x=3)
dorm.Model.objects.filter(x=3)
dorm.Model(x=3)
NoManager.objects.filter(x=3)
class Rows(dorm.QuerySet[A]):
    def some(self) -> "Rows":
        self.annotate(n=dorm.Count("*")).values("n").annotate(m=dorm.F("n")).values_list("m", flat=True)
        return self.filter(agee=3)
class Adults(dorm.Manager[A]):
    def some(self) -> dorm.QuerySet[A]:
        return self.filter(agee=3).annotate(n=dorm.Count("*"))
def first(m: type[M]) -> M:
    m.objects.filter(x=3).annotate(n=dorm.Count("zz"))
    return m(x=3)
"""

UNKNOWN = """
import dorm
import nowhere
from missing.models import Thing, Other
class Item(dorm.Model):
    thing = dorm.ForeignKey(Thing, dorm.CASCADE, related_name="items")
    name = nowhere.NameField(max_length=3)
    other = dorm.ForeignKey(nowhere.models.Other, dorm.CASCADE)
    size = Other()
class Child(Other):
    age = dorm.IntegerField()
class Both(Item, Other):
    age = dorm.IntegerField()
Item.objects.filter(thing__x=3, name="x", name__lower="x", other__a__b=3, size=3)
Item.objects.values("thing__x", "name", "size").get()
Item.objects.order_by("thing__x", "name", "size")
Item(thing=3, name="x", size=3)
Item().name.upper()
Item().thing.x
Item().size
Child.objects.filter(age=3, x=3)
Both.objects.filter(age=3, anything=3, thing=3).order_by("anything")
Both().anything
Both(anything=3)
"""

CIRCLE = """
import dorm

class A(B):
    x = dorm.IntegerField()

    class Meta:
        abstract = True

class B(A):
    class Meta:
        abstract = True

class C(B):
    y = dorm.IntegerField()

C.objects.filter(y=3, anything=3)
"""


def mypy_says(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    (folder / "models.py").write_text(text)
    (folder / "mypy.ini").write_text("[mypy]\nplugins = dorm_mypy\nstrict = true\n")
    command = [sys.executable, "-m", "mypy", "--show-traceback", "models.py"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_odd_declarations_and_calls_are_no_fault_of_the_plugin(tmp_path):
    for _ in ("cold", "from the cache"):
        done = mypy_says(tmp_path, ODD)
        assert done.returncode == 1
        assert "INTERNAL ERROR" not in done.stdout + done.stderr
        assert "dorm-plugin" not in done.stdout
        assert "A has no field 'agee'" in done.stdout


@pytest.mark.parametrize("text", [UNKNOWN, CIRCLE], ids=["unknown modules", "bases in a circle"])
def test_nothing_is_said_of_what_hangs_on_a_class_that_is_not_known(tmp_path, text):
    done = mypy_says(tmp_path, text)
    assert done.returncode == 1
    assert "INTERNAL ERROR" not in done.stdout + done.stderr
    assert "[dorm-" not in done.stdout


def test_what_leads_over_an_unknown_model_is_let_through(tmp_path):
    text = 'import dorm\nclass A(dorm.Model):\n    to = dorm.ForeignKey("Far", dorm.CASCADE)\n'
    done = mypy_says(tmp_path, text + "A.objects.filter(to__name__icontains=3).values('to__x')\n")
    assert "dorm-" not in done.stdout


def test_a_fault_in_a_hook_is_a_note_and_the_default_type():
    noted: list[str] = []

    def hook(ctx: object) -> str:
        raise KeyError("lost")

    api = SimpleNamespace(note=lambda text, where, code: noted.append(text))
    ctx = SimpleNamespace(api=api, context=object(), default_return_type="the stub's")
    assert guarded(hook, default_type)(ctx) == "the stub's"
    assert noted == ["dorm's plugin failed here (hook: KeyError: 'lost'); the type is the stub's"]


@pytest.mark.parametrize("wrong", ["note", "msg"])
def test_a_note_finds_its_way_in_both_phases(wrong):
    noted: list[str] = []
    say = SimpleNamespace(note=lambda text, where, code: noted.append(text))
    api = say if wrong == "note" else SimpleNamespace(msg=say)

    def hook(ctx: object) -> None:
        raise ValueError

    guarded(hook, lambda ctx: None)(SimpleNamespace(api=api, cls=object()))
    assert len(noted) == 1
