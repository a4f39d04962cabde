"""Records: what Python's own tools do with them."""

from __future__ import annotations

import copy
import pickle

from dorm.fields.related import Step

STEP = Step("blog_post", "author_id", "id", many=False)


def test_a_record_is_copied_with_changes_as_python_does_from_3_13_on():
    changed = STEP.__replace__(many=True)
    assert changed == Step("blog_post", "author_id", "id", many=True)
    if hasattr(copy, "replace"):
        assert copy.replace(STEP, many=True) == changed


def test_a_record_is_pickled_and_copied_whole():
    assert pickle.loads(pickle.dumps(STEP)) == copy.deepcopy(STEP) == STEP
