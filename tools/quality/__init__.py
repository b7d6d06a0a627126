"""How good the index is: numbers, validity, relations and retrieval, side by side by one command."""
