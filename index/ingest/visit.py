"""One visit to one source: its lists are read for links, then pages that are new, then pages that are due again."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from index.errors import IndexProblem, UnreadableSource
from index.ingest.address import checked
from index.ingest.errors import FetchProblem, Gone, Refused, RetryLater
from index.ingest.fetch import Fetcher, NotModified
from index.ingest.intake import Intake, today
from index.ingest.parsers.page import PARSER_NAMES, Link, Page
from index.ingest.report import SyncReport
from index.ingest.sources import Source
from index.ingest.state import FoundPage, KnownPage, State, Visit

LISTS = ("rss", "sitemap", "vanban_list", "congbao_search")
FILES = ("pdf", "pdf_ocr", "docx", "markdown", "jsonl", "text")
MOST_LISTS = 50
"""Lists read in one visit: addresses, and lists that they lead to."""
MOST_LINKS = 5_000
"""Newest links remembered of one list."""
LONGEST_PAUSE = timedelta(days=1)
"""A source or page that fails is asked again after this at the latest, unless its server says otherwise."""

_FAILURES_IN_A_ROW = 3  # then the rest of a visit waits for the next one
_FEW = 5  # fewer pages that are gone at once, and gone again when they are due again, are believed to be gone
_GONE = "gone with most pages"
_NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Tools:
    """What a visit works with."""

    intake: Intake
    fetcher: Fetcher
    state: State
    now: Callable[[], datetime]  # aware
    jitter: Callable[[], float]  # 0..1
    stopped: Callable[[], bool]
    progress: Callable[[], object]  # called after each page


class SourceVisit:
    """Reads one source; what fails is in the report, and is tried again when it is due."""

    def __init__(self, source: Source, tools: Tools, report: SyncReport) -> None:
        self._source, self._tools, self._report = source, tools, report
        self._state, self._intake = tools.state, tools.intake
        self._started = tools.now()
        self._failures = 0  # in a row
        self._gone: list[KnownPage] = []
        self._again = 0  # pages read before that answered or were gone

    def run(self) -> None:
        """Visit the source and remember when it is due again. Raises only what the catalogue or the memory raise."""
        try:
            problem = self._read_lists()
            self._read_pages()
            self._withdraw(is_in_order=problem is None)
        except (IndexProblem, SQLAlchemyError, OSError):
            raise
        except Exception as error:  # noqa: BLE001 - a site that our own code stumbles over never ends a run
            problem = f"the visit ended: {type(error).__name__}"
            self._report.refuse(UnreadableSource(self._source.id, problem))
        last = self._state.visit(self._source.id)
        failures = 0 if problem is None else (last.failures if last else 0) + 1
        pause = self._pause(failures) * (1 + self._tools.jitter() / 10)
        at = self._started.timestamp()
        self._state.visited(self._source.id, Visit(at, at + pause, failures, problem))

    # --- lists

    def _read_lists(self) -> str | None:
        """Read the source's lists; returns why none of them could be read."""
        waiting = deque(
            (checked(address, self._source.hosts), self._source.parser) for address in self._source.addresses
        )
        seen: set[str] = set()
        problem: str | None = None
        is_read = False
        while waiting and len(seen) < MOST_LISTS and not self._tools.stopped():
            url, parser = waiting.popleft()
            if url in seen:
                continue
            seen.add(url)
            known = self._state.page(self._source.id, url) or KnownPage(url, parser, 0.0, _NEVER)
            try:
                links = self._read(known, is_list=True)
            except (FetchProblem, UnreadableSource) as error:
                self._report.refuse(UnreadableSource(error.where, error.reason))
                problem = problem or f"{error.where}: {error.reason}"
                continue
            is_read = True
            lists = [link for link in links if link.kind in LISTS]
            waiting += [(link.url, link.kind) for link in lists]
            if lists:  # it must be read in full next time: only it knows the others
                page = self._state.page(self._source.id, url)
                self._state.save(self._source.id, replace(page or known, etag=None, last_modified=None, digest=None))
            self._remember([link for link in links if link.kind not in LISTS])
        return None if is_read or self._tools.stopped() else problem or "no list was read"

    def _remember(self, links: list[Link], *, parent: KnownPage | None = None) -> None:
        """Keep the newest of the links, to be read now or in the visits to come."""
        found = self._started.timestamp()
        pages = []
        for place, link in enumerate(links):
            published = link.published.timestamp() if link.published else None
            rank = (
                min(published, found) if published is not None else (parent.rank if parent else found) - place / 1_000
            )
            parser = link.kind if link.kind in FILES else self._source.detail_parser or link.kind
            pages.append(FoundPage(link.url, parser, rank, published))
        pages.sort(key=lambda page: -page.rank)
        self._state.found(self._source.id, pages[:MOST_LINKS], found)

    def _allowed(self, links: tuple[Link, ...]) -> list[Link]:
        """The links that may be followed, in their one form, as https also where a page still says http.

        A page may link to anything: what is not allowed is left out and no fault.
        """
        allowed = []
        for link in links:
            try:
                url = checked(re.sub(r"^http:", "https:", link.url, flags=re.I), self._source.hosts)
            except Refused:
                continue
            if link.kind in PARSER_NAMES:
                allowed.append(replace(link, url=url))
        return allowed

    # --- pages

    def _read_pages(self) -> None:
        at, limit = self._started.timestamp(), self._source.most_pages
        again = self._state.due(self._source.id, at, is_new=False, limit=limit)
        while limit > 0 and (new := self._state.due(self._source.id, at, is_new=True, limit=limit)):
            limit -= len(new)
            if not self._read_each(new):  # what they lead to comes in the next round
                return
        self._read_each(again)

    def _read_each(self, pages: list[KnownPage]) -> bool:
        """Read pages one by one; False where the visit should end here."""
        for page in pages:
            if self._tools.stopped() or self._failures >= _FAILURES_IN_A_ROW:
                return False
            self._read_one(page)
        return True

    def _read_one(self, page: KnownPage) -> None:
        try:
            links = self._read(page, is_list=False)
        except Gone as gone:
            self._again += page.read_at is not None
            if page.holdings:
                self._gone.append(page)
            elif page.read_at is not None:
                self._state.forget(self._source.id, page.url)
            else:
                self._failed(page, gone, self._source.recheck.total_seconds())
        except RetryLater as later:
            self._failures += 1
            self._failed(page, later, max(later.after_s, self._pause(page.failures + 1)))
        except (Refused, UnreadableSource) as problem:
            self._failures = 0
            self._failed(page, problem, self._source.recheck.total_seconds())
        else:
            self._failures = 0
            self._again += page.read_at is not None
            self._remember([link for link in links if link.kind in FILES], parent=page)

    def _failed(self, page: KnownPage, problem: FetchProblem | UnreadableSource, pause: float) -> None:
        self._report.refuse(UnreadableSource(page.url, problem.reason))
        due_at = self._started.timestamp() + pause
        failed = replace(page, failures=page.failures + 1, problem=problem.reason, due_at=due_at)
        self._state.save(self._source.id, failed)

    def _read(self, page: KnownPage, *, is_list: bool) -> list[Link]:
        """Fetch a page, take in its documents, remember it; returns the links that may be followed."""
        source, now = self._source, self._tools.now()
        self._report.pages += 1
        self._tools.progress()
        post = source.post if is_list and page.url in self._posted() else None
        answer = self._tools.fetcher.fetch(
            page.url, etag=page.etag, last_modified=page.last_modified, hosts=source.hosts, post=post
        )
        read_at = now.timestamp()
        due_at = _NEVER if is_list else read_at + source.recheck.total_seconds()
        page = replace(page, read_at=read_at, due_at=due_at, failures=0, problem=None)
        if isinstance(answer, NotModified) or answer.digest == page.digest:
            self._report.not_modified += 1
            self._intake.unchanged(page.holdings, today(now), self._report)
            self._state.save(source.id, page)
            return []
        body = Page(
            url=answer.url,
            content_type=answer.content_type,
            body=answer.body,
            fetched_on=today(now),
            owner=source.owner,
            encoding=source.encoding,
        )
        parsed = self._intake.read(source, page.parser, body)
        before, holdings = set(page.holdings), self._intake.holdings(parsed)
        if not is_list and before and answer.url != page.url and before.isdisjoint(holdings):
            raise Gone(page.url, "it leads elsewhere now, and what it held is not there")
        if page.parser == "article" and not self._intake.is_like_before(parsed):
            raise UnreadableSource(page.url, "nothing in common with the story it held: an error page that says 200?")
        self._intake.store(parsed, self._report)
        if parsed.problems:  # what could not be read may still be there, and is tried again also where nothing changes
            kept = tuple(sorted(before.union(holdings)))
            page = replace(page, holdings=kept, etag=None, last_modified=None, digest=None)
        else:
            if not is_list:  # a list forgets what is old; a page that leaves a document out takes it back
                self._take_back(replace(page, holdings=tuple(before.difference(holdings))))
            page = replace(page, holdings=holdings, etag=answer.etag, last_modified=answer.last_modified)
            page = replace(page, digest=answer.digest)
        self._state.save(source.id, page)
        return self._allowed(parsed.links)

    def _posted(self) -> set[str]:
        return {checked(address, self._source.hosts) for address in self._source.addresses}

    # --- withdrawal

    def _withdraw(self, *, is_in_order: bool) -> None:
        """Withdraw what came from pages that are gone, unless so much is gone that the site itself must have moved."""
        if not self._gone:
            return
        is_most = len(self._gone) >= 2 and 2 * len(self._gone) > self._again
        is_so_again = len(self._gone) < _FEW and all(page.problem == _GONE for page in self._gone)
        is_doubtful = is_most and not is_so_again
        if is_doubtful or not is_in_order:
            reason = f"{len(self._gone)} of {self._again} pages are gone at once, nothing is withdrawn: has it moved?"
            self._report.refuse(UnreadableSource(self._source.id, reason))
            for page in self._gone:
                recheck = self._source.recheck.total_seconds()
                pause = recheck if len(self._gone) < _FEW else self._pause(page.failures + 1)
                later = replace(page, due_at=self._started.timestamp() + pause, failures=page.failures + 1)
                self._state.save(self._source.id, replace(later, problem=_GONE if is_in_order else page.problem))
            return
        for page in self._gone:
            self._take_back(page)
            self._state.forget(self._source.id, page.url)

    def _take_back(self, page: KnownPage) -> None:
        """Withdraw what a page held, except what another page gives as well."""
        held = [one for one in page.holdings if not self._state.is_held_elsewhere(one, page.url)]
        self._intake.withdraw(sorted(held), self._report)

    def _pause(self, failures: int) -> float:
        """Seconds until the next try after so many failures in a row."""
        usual = self._source.every.total_seconds()
        return max(usual, min(usual * 2 ** min(failures, 10), LONGEST_PAUSE.total_seconds())) if failures else usual
