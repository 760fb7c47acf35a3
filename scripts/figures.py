#!/usr/bin/env python3
"""Writes measured figures into a page of docs/, between its two marks.

usage: figures.py PAGE TABLE

Says what they were measured on, because figures of another machine are other figures.
"""

import os
import platform
import re
import subprocess
import sys
from pathlib import Path

START = "<!-- figures: written by {} -->\n"
END = "<!-- end of figures -->"
WRITERS = {"performance.md": "scripts/bench --update", "reliability.md": "scripts/fuzz --update SECONDS"}


def machine():
    """The machine and the compiler, in words."""
    rustc = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    cpuinfo = Path("/proc/cpuinfo")
    names = re.findall(r"^model name\s*: (.*)$", cpuinfo.read_text(encoding="utf-8"), re.M) if cpuinfo.exists() else []
    return f"{os.cpu_count()} cores ({names[0] if names else platform.machine()}), Rust {rustc}"


def main():
    """Write the page."""
    page, table = map(Path, sys.argv[1:])
    start = START.format(WRITERS[page.name])
    before, rest = page.read_text(encoding="utf-8").split(start)
    _, after = rest.split(END)
    block = f"Measured on {machine()}.\n\n{table.read_text(encoding='utf-8')}"
    page.write_text(before + start + block + END + after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
