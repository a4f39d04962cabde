"""The paths of the service. Each that writes is one transaction."""

from __future__ import annotations

from datetime import datetime, timezone

from dorm import IntegrityError, Q
from dorm.contrib.starlette import atomic
from dorm.transaction import aatomic
from fastapi import APIRouter, Depends, HTTPException

from .models import Author, Comment, Post
from .schemas import AuthorIn, AuthorOut, CommentIn, CommentOut, PostIn, PostLine, PostOut

router = APIRouter()


@router.post("/authors", response_model=AuthorOut, status_code=201)
async def add_author(given: AuthorIn) -> Author:
    try:
        async with aatomic():
            return await Author.objects.acreate(**given.model_dump())
    except IntegrityError as error:
        raise HTTPException(409, "this address is taken") from error


@router.get("/posts", response_model=list[PostLine])
async def list_posts(search: str = "", limit: int = 20) -> list[Post]:
    found = Post.objects.filter(published__isnull=False)
    if search:
        found = found.filter(Q(title__icontains=search) | Q(author__name__icontains=search))
    return await found[:limit]


@router.get("/posts/{pk}", response_model=PostOut)
async def read_post(pk: int) -> Post:
    return await Post.objects.prefetch_related(*PostOut.relations()).aget(pk=pk)


@router.post("/posts", response_model=PostOut, status_code=201, dependencies=[Depends(atomic)])
async def write_post(given: PostIn) -> Post:
    author = await Author.objects.aget(pk=given.author)
    post = await Post.objects.acreate(title=given.title, body=given.body, author=author)
    return await read_post(post.pk)


@router.post("/posts/{pk}/publish", response_model=PostOut, dependencies=[Depends(atomic)])
async def publish(pk: int) -> Post:
    post = await Post.objects.select_for_update().aget(pk=pk)
    if post.published is None:
        post.published = datetime.now(timezone.utc)
        await post.asave(update_fields=["published"])
    return await read_post(pk)


@router.post(
    "/posts/{pk}/comments", response_model=CommentOut, status_code=201, dependencies=[Depends(atomic)]
)
async def comment(pk: int, given: CommentIn) -> Comment:
    post = await Post.objects.aget(pk=pk, published__isnull=False)
    return await Comment.objects.acreate(post=post, name=given.name, text=given.text)
