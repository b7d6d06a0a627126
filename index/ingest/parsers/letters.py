"""Vietnamese letters for character classes: in Unicode small and capital ones alternate, so no range holds one kind."""

from __future__ import annotations

LOWER = "a-zđàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
"""Inside of a character class: the small letters."""
UPPER = LOWER.replace("a-z", "").upper() + "A-Z"
"""Inside of a character class: the capital letters."""
