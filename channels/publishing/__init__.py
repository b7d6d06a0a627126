"""Publishers announce documents here: keys, what they may say, and the spool that `python -m index watch` drains."""
