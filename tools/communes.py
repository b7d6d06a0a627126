"""Make data/communes.jsonl from the open data set vietnamadminunits (MIT): `python tools/communes.py FOLDER`.

FOLDER holds `dataset.db` and `converter_2025.json` of the package's `data/` (1.0.4 was read: unpack the wheel). One row
a commune of 2025-07-01, in order of its code, with the communes it was formed from, by former district:

    {"code", "name", "kind", "province", "formed_from": [{"province", "district", "communes": […], "parts": […]}]}

`communes` went over as one piece, of `parts` a share did; the last names a commune also found in other rows. A former
island district without communes has neither. Names are in the one spelling of `index.text.unicode.normalise`.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from index.text.unicode import normalise  # noqa: E402

Key = tuple[str, str]


def communes_of(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of the table. Raises KeyError where the two files of the package do not fit together."""
    database = sqlite3.connect(folder / "dataset.db")
    former = {
        f"{province}_{district}_{ward or ''}": (normalise(province_name), _capitalised(district_name), ward_name)
        for province, district, ward, province_name, district_name, ward_name in database.execute(
            "SELECT provinceKey, districtKey, wardKey, provinceShort, district, ward FROM admin_units_legacy"
        )
    }
    origins: dict[Key, list[tuple[str, bool]]] = defaultdict(list)
    converter = json.loads((folder / "converter_2025.json").read_text("utf-8"))
    for province, communes in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for commune, wholes in communes.items():
            origins[province, commune] += [(whole, False) for whole in wholes]
    for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for whole, heirs in divided.items():
            for heir in heirs:
                origins[province, heir["newWardKey"]].append((whole, True))
    for province, key, code, province_code, name in database.execute(
        "SELECT provinceKey, wardKey, wardCode, provinceCode, ward FROM admin_units ORDER BY wardCode"
    ):
        kind, short = _split(normalise(name))
        places: dict[Key, dict[str, list[str]]] = {}
        for origin, is_part in sorted(origins[province, key]):
            old_province, district, old_name = former[origin]
            place = places.setdefault((old_province, district), {})
            if old_name:
                place.setdefault("parts" if is_part else "communes", []).append(normalise(old_name))
        formed_from = [
            {"province": old_province, "district": district, **place}
            for (old_province, district), place in places.items()
        ]
        yield {"code": code, "name": short, "kind": kind, "province": province_code, "formed_from": formed_from}


def _split(name: str) -> tuple[str, str]:
    """Part a commune's kind from its name: "Phường Bến Nghé" → ("phường", "Bến Nghé")."""
    kind = next(kind for kind in ("Phường", "Xã", "Đặc khu") if name.startswith(f"{kind} "))
    return kind.lower(), name[len(kind) + 1 :]


def _capitalised(district: str) -> str:
    """Write a district's kind as the others are: "Thành Phố Đồng Hới" → "Thành phố Đồng Hới"."""
    name = normalise(district)
    return next((kind + name[len(kind) :] for kind in ("Thành phố", "Thị xã") if name.startswith(kind.title())), name)


def main(arguments: list[str]) -> int:
    """Write the table; return the exit status."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    rows = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in communes_of(Path(arguments[0]))]
    (ROOT / "data" / "communes.jsonl").write_text("\n".join(rows) + "\n", "utf-8")
    print(f"{len(rows)} communes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
