"""The service, spoken to without a server; each test is rolled back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from blog.models import Author, Comment, Post
from main import app

pytestmark = pytest.mark.dorm_db

ADA = {"name": "Ada", "email": "ada@example.com"}


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture
def post() -> Post:
    return Post.objects.create(title="Notes", body="...", author=Author.objects.create(**ADA))


async def test_an_author_writes_a_post_and_publishes_it(http: httpx.AsyncClient) -> None:
    author = (await http.post("/authors", json=ADA)).json()
    assert author == {"id": author["id"], "name": "Ada"}
    draft = await http.post("/posts", json={"title": "Notes", "body": "...", "author": author["id"]})
    assert (draft.status_code, draft.json()["author"], draft.json()["comments"]) == (201, author, [])
    assert (await http.get("/posts")).json() == []
    await http.post(f"/posts/{draft.json()['id']}/publish")
    assert [line["title"] for line in (await http.get("/posts?search=ada")).json()] == ["Notes"]
    assert (await http.get("/posts?search=bob")).json() == []


async def test_a_published_post_takes_comments(http: httpx.AsyncClient, post: Post) -> None:
    said = {"name": "Bob", "text": "Well."}
    assert (await http.post(f"/posts/{post.pk}/comments", json=said)).status_code == 404
    await http.post(f"/posts/{post.pk}/publish")
    assert (await http.post(f"/posts/{post.pk}/comments", json=said)).status_code == 201
    assert [one["text"] for one in (await http.get(f"/posts/{post.pk}")).json()["comments"]] == ["Well."]
    assert await Comment.objects.acount() == 1


async def test_an_address_is_taken_once(http: httpx.AsyncClient, post: Post) -> None:
    assert (await http.post("/authors", json=ADA)).status_code == 409
    assert await Author.objects.acount() == 1


@pytest.mark.parametrize("given", [{"title": "x" * 201, "body": "", "author": 1}, {"title": "x"}, {}])
async def test_a_post_that_does_not_fit_is_refused(http: httpx.AsyncClient, given: dict[str, Any]) -> None:
    assert (await http.post("/posts", json=given)).status_code == 422


async def test_what_is_not_there_is_404(http: httpx.AsyncClient) -> None:
    assert (await http.get("/posts/999")).status_code == 404
    assert (await http.post("/posts", json={"title": "x", "body": "", "author": 999})).status_code == 404


async def test_a_post_is_read_in_three_statements(
    http: httpx.AsyncClient, post: Post, dorm_assert_num_queries: Any
) -> None:
    with dorm_assert_num_queries(3):
        await http.get(f"/posts/{post.pk}")
