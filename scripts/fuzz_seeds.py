#!/usr/bin/env python3
"""Writes what the fuzzers start from: examples/, events/, the pages of the guardrails and the templates inside tests/.

usage: fuzz_seeds.py FOLDER

FOLDER gets one folder for each target. The small, strange seeds that no example would hold are in fuzz/seeds.
"""

import hashlib
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LARGEST = 64 * 1024


def events():
    """The events, and one for each template that an event holds."""
    for path in sorted(ROOT.glob("events/*.json")):
        event = json.loads(path.read_text(encoding="utf-8"))
        yield json.dumps(event)
        yield json.dumps({"requestId": "r", "fragment": event.get("fragment")})
        if isinstance(event.get("fragment"), dict):
            yield json.dumps({"requestId": "r", "fragment": event["fragment"], "params": {"Config": fix_all()}})


def fix_all():
    """A configuration that fixes all that guardrails can fix."""
    return json.dumps({"Guardrails": dict.fromkeys((page.split()[1] for page in pages()), "Fix")})


def pages():
    """The pages of the guardrails."""
    return [path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("src/guard/*/*.md"))]


def templates():
    """Template files, and the YAML texts in the tests."""
    for pattern in ("examples/*/template.yaml", "events/templates/*"):
        for path in sorted(ROOT.glob(pattern)):
            yield path.read_text(encoding="utf-8")
    for page in pages():
        for template in re.findall(r"^```yaml \w+\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
            yield template
            if not template.startswith("Metadata:"):
                yield f"Metadata: {{Toprail: {fix_all()}}}\n{template}"
    for path in sorted(ROOT.glob("tests/*.rs")):
        text = path.read_text(encoding="utf-8")
        yield from (found for found in re.findall(r'"(\n[^"]*Resources:[^"]*)"', text))
        yield from re.findall(r'r#"(\n.*?)"#', text, re.DOTALL)


def configurations():
    """The configurations of the events, whole and key by key, and those in the tests and the README."""
    for path in sorted(ROOT.glob("events/*.json")):
        event = json.loads(path.read_text(encoding="utf-8"))
        fragment = event.get("fragment")
        metadata = fragment.get("Metadata") if isinstance(fragment, dict) else None
        found = (metadata or {}).get("Toprail") or {}
        yield json.dumps(found)
        yield from (json.dumps({key: value}) for key, value in found.items())
        if "Config" in event.get("params", {}):
            yield event["params"]["Config"]
    for path in [*sorted(ROOT.glob("tests/*.rs")), ROOT / "README.md"]:
        for line in re.findall(r"Toprail: (\{.*\})\}", path.read_text(encoding="utf-8")):
            yield line.replace("{{", "{").replace("}}", "}")


def policies():
    """The policies of the examples and of the pages, and the rows and sections of each on their own."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("examples/policies/*.yaml"))]
    for page in sorted(ROOT.glob("docs/*.md")):
        texts += re.findall(
            r"^```yaml\n(Version: 1\n.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
        )
    for text in texts:
        yield text
        sections = re.split(r"^(?=\w)", text, flags=re.MULTILINE)
        yield from (f"Version: 1\n{section}" for section in sections if not section.startswith("Version"))
        rows = re.findall(r"^  - Id: [^\n]*\n(?:    [^\n]*\n|\n)*", text, re.MULTILINE)
        yield from (f"Version: 1\nCustom:\n{row}" for row in rows)


def choices():
    """Bytes that choose templates: any will do."""
    for seed in range(64):
        stream = b"".join(hashlib.sha256(f"{seed} {block}".encode()).digest() for block in range(6))
        yield stream[: 24 + 2 * seed].decode("latin-1")


def write(folder, seeds, encoding="utf-8"):
    """Each seed in a file named by its content."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        content = seed.encode(encoding)
        if len(content) <= LARGEST:
            (folder / hashlib.sha256(content).hexdigest()[:16]).write_bytes(content)


def main():
    """Write the seeds of every target."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    corpus = Path(sys.argv[1])
    write(corpus / "event", events())
    write(corpus / "yaml", templates())
    write(corpus / "config", configurations())
    write(corpus / "policy", policies())
    write(corpus / "transform", choices(), "latin-1")
    return 0


if __name__ == "__main__":
    sys.exit(main())
