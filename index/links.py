"""Which address of a document people are sent to: one of its own source, or none at all.

Decision. Portals and publishers are held to their hosts when they are read (`index.ingest`). A file names whatever
address it likes, and a document that several sources tell of may have the address of another one than the source it is
cited from. So the address is judged once more where documents are read for answers, against the hosts that
data/sources.toml gives to the source of the document, exact names; a document of no such source may lead to the hosts
that the operator has named. Consequence: an address that is not https, or that lies elsewhere, is left out of answers;
the document is cited all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from index.document import Document
from index.ingest.address import checked
from index.ingest.errors import Refused
from index.ingest.sources import Source


class Links:
    """The hosts of each source; `own` are those of documents that no source of the list brought."""

    def __init__(self, sources: Sequence[Source], *, own: Collection[str] = ()) -> None:
        self._own = frozenset(own)
        self._hosts: dict[str, frozenset[str]] = {}
        for source in sources:
            for host in source.hosts:
                self._hosts[host] = self._hosts.get(host, frozenset()).union(source.hosts)

    def judged(self, document: Document) -> Document:
        """Return the document with its address in the form that is opened, or without the address."""
        if document.url is None:
            return document
        try:
            url = checked(document.url, self._hosts.get(document.source, self._own))
        except Refused:
            url = None
        return replace(document, url=url)
