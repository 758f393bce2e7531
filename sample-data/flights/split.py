# SPDX-License-Identifier: Apache-2.0
"""Cuts flights.csv by month and packs each part: split.py FLIGHTS.CSV FOLDER.

Every part begins with the header; its lines are those of the file, byte for byte, in their order.
"""

import gzip
import sys

source, folder = sys.argv[1:]
with open(source, "rb") as file:
    header, *lines = file.read().splitlines(keepends=True)
months = {}
for line in lines:
    months.setdefault(int(line.split(b",")[1]), []).append(line)
for month, own in sorted(months.items()):
    # Without a name and a time the same lines are the same bytes.
    with open(f"{folder}/flights-2013-{month:02}.csv.gz", "wb") as out:
        with gzip.GzipFile("", "wb", 9, out, mtime=0) as packed:
            packed.write(header + b"".join(own))
