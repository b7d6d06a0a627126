"""Preparation of the default sentence encoder, multilingual-e5-small; nothing here runs while it serves."""
