"""What an official text says about other documents and about its own term, read by program."""

from index.relations.extracting import extract
from index.relations.grounds import based_on
from index.relations.merging import merge_extracted
from index.relations.terms import effective_on, expires_on
from index.relations.tidying import is_possible

__all__ = ["based_on", "effective_on", "expires_on", "extract", "is_possible", "merge_extracted"]
