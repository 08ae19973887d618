"""What is in a wheel, as JSON: its files, tags, metadata, and what abi3audit says of its extension."""

import json
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

from abi3audit._audit import audit
from abi3audit._extract import WheelExtractor, WheelSpec
from abi3info.models import PyVersion

path = Path(sys.argv[1])
with zipfile.ZipFile(path) as wheel:
    names = wheel.namelist()
    told = [name for name in names if name.endswith((".dist-info/METADATA", ".dist-info/WHEEL"))]
    read = {name.rsplit("/", 1)[1]: Parser().parsestr(wheel.read(name).decode()) for name in told}
    library = next(name for name in names if "_native." in name and name.endswith((".so", ".pyd")))
    data = wheel.read(library)
# The version that the tag promises: `cp311`.
promised = PyVersion(3, int(read["WHEEL"]["Tag"].split("-")[0].removeprefix("cp3")))
# An extracted file is there for one turn of the loop.
(said,) = [audit(shared, assume_minimum_abi3=promised) for shared in WheelExtractor(WheelSpec(str(path)))]
print(
    json.dumps(
        {
            "library": library,
            "tags": ["-".join(tag.split("-")[:2]) for tag in read["WHEEL"].get_all("Tag")],
            "requires": read["METADATA"].get_all("Requires-Dist"),
            "python": read["METADATA"]["Requires-Python"],
            "foreign": sorted(symbol.name for symbol in said.non_abi3_symbols),
            "later": sorted(each.symbol.name for each in said.future_abi3_objects),
            "places": sorted({place for place in sys.argv[2:] if place.encode() in data}),
        }
    )
)
