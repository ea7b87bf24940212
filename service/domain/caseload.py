"""Whose affairs a member of staff may see and settle."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from service.domain.people import Role


@dataclass(frozen=True)
class Post:
    """A role that somebody has at a site, or at all of them (``None``)."""

    role: Role
    site_id: UUID | None


@dataclass(frozen=True)
class Caseload:
    """The clients and tasks that somebody may see: her own, and all of some sites (``None``: of every site).

    Every question that a page asks about people takes one, and answers as if nobody else existed.
    """

    staff_id: UUID | None
    site_ids: frozenset[UUID] | None = frozenset()


NOBODY = Caseload(None)
EVERYBODY = Caseload(None, None)
"""For what the service itself asks."""


def caseload_of(staff_id: UUID, posts: Iterable[Post]) -> Caseload:
    """What she has been asked to do and, for a coordinator, all of her sites."""
    return Caseload(staff_id, sites_of(posts, Role.COORDINATOR))


def sites_of(posts: Iterable[Post], *roles: Role) -> frozenset[UUID] | None:
    """The sites at which somebody has one of the roles; ``None`` for all of them."""
    sites = {post.site_id for post in posts if post.role in roles}
    return None if None in sites else frozenset(site for site in sites if site)


def works_at(posts: Iterable[Post], site_id: UUID, *roles: Role) -> bool:
    """Whether somebody has one of the roles at a site, or at all of them."""
    return any(post.role in roles and post.site_id in (None, site_id) for post in posts)


def may_manage(mine: Collection[Post], hers: Collection[Post]) -> bool:
    """Whether somebody may give a colleague new secrets, or shut her out.

    An administrator may for everybody; a coordinator for whoever is a Mentor Mother at her sites, and nothing
    more: nobody gets more rights by way of somebody else's password.
    """
    if any(post.role is Role.ADMIN for post in mine):
        return True
    sites = sites_of(mine, Role.COORDINATOR)
    if sites == frozenset():
        return False
    return all(post.role is Role.MENTOR and (sites is None or post.site_id in sites) for post in hers)
