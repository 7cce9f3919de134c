#!/usr/bin/python3
"""The JSON Schema of templates: it is one, takes every good template, and refuses the bad ones whose fault can be said in it.

Read as an editor does: YAML 1.2, where yes is text and 52:54:00:12:34:56 no number.
"""
import glob
import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

PKTSMITH = os.environ.get("PKTSMITH", "build/pktsmith")

# Rejects that the schema takes, and why. The command line's faults are not in the template at all.
COMMAND_LINE = "the fault is in the command line"
BECAUSE = {
    "it depends on another field, layer or variable": """
        condition-on-bits count-too-few field-of-another-type fragment-df fragment-crc fragment-follows fragment-mtu-small fragment-overlap-all fragment-shape
        fragment-size-varying fragment-varying fragment-weight fragment-weight-many fragment-without-ip frame-size-twice
        include-variable-in-name missing-variable
        name-type-of-record next-has-no-number type-left-out unknown-variable variable-before variable-overflow
        vary-bits-overflow vary-cycle-after-random vary-cycle-first vary-same-as-circle vary-same-as-computed
        vary-same-as-itself vary-same-as-not-there vary-same-as-second vary-same-as-wider vary-size-not-last
        vary-size-of-two vary-variable-in-range""",
    "which of two is larger": """
        vary-address-backwards vary-backwards vary-bits-backwards vary-dec-forwards vary-mac-backwards vary-random-backwards
        vary-size-backwards""",
    "it counts octets, or sums": """
        frame-size-too-heavy frame-too-long llc-too-long option-length-unit option-too-long options-too-long
        snmp-long-short-form
        vary-bits-too-many vary-random-bytes-none vary-size-of-nothing""",
    "a domain name's or a string's octets are no matter of a pattern": """
        name-empty-label name-long-label name-pointer string-zero""",
    "it is a matter of the text, of which YAML's readers tell a schema nothing": """
        anchor byte-order-mark dollar-text fcs-short hex-escape hex-half tag utf16 vary-payload-hop""",
    "a name stands for what another layer holds": """
        respond-hash-of-nothing respond-in-of-answer respond-no-table respond-number-of-octets respond-other-length
        respond-plus-of-new respond-table-value respond-tables-of-frame respond-unknown-name respond-varies""",
    "it is a matter of the system's files": """
        missing-payload-file payload-directory include-bad-value include-bad-variable include-circle include-folder
        include-foreign-variable include-frames include-itself include-missing include-missing-value include-no-template
        include-too-deep include-unknown-name""",
}
ACCEPTED = {name: reason for reason, names in BECAUSE.items() for name in names.split()}

count = 0
failed = 0


def point(good, name, why=""):
    global count, failed
    count += 1
    print(f"{'ok' if good else 'not ok'} {count} - {name}")
    if not good:
        failed += 1
        for line in str(why).splitlines()[:12]:
            print(f"#   {line[:200]}")


def read(path):
    return YAML(typ="safe", pure=True).load(Path(path).read_bytes())


def complaint(validator, document):
    """What is wrong with the document, None where nothing is."""
    error = jsonschema.exceptions.best_match(validator.iter_errors(document))
    return error and f"{'/'.join(map(str, error.absolute_path))}: {error.message}"


def check_good(validator):
    for path in sorted(Path("frames").rglob("*.yaml")) + sorted(Path("tests/golden/templates").rglob("*.yaml")):
        try:
            why = complaint(validator, read(path))
        except YAMLError as error:
            why = error
        point(why is None, f"{path} is accepted", why)


def check_bad(validator):
    for path in sorted(Path("tests/reject").glob("*.yaml")):
        name = path.stem
        try:
            why = complaint(validator, read(path))
        except (YAMLError, ValueError, RecursionError):
            why = "no YAML"
        reason = COMMAND_LINE if path.with_suffix(".args").exists() else ACCEPTED.get(name)
        if reason:
            point(why is None, f"{name} is accepted: {reason}", f"it is refused, which is better: take it off the list\n{why}")
        else:
            point(why is not None, f"{name} is refused", "it is accepted: mend the schema, or list it with the reason")
    gone = [name for name in ACCEPTED if not Path(f"tests/reject/{name}.yaml").exists()]
    point(not gone, "all that are listed are there", gone)


def protocols():
    return json.loads(subprocess.run([PKTSMITH, "protocols", "--json"], check=True, capture_output=True).stdout)["protocols"]


def repeated(schema, where=""):
    """The places of words that stand twice in one enum: yaml-language-server then takes no schema at all."""
    for key, value in schema.items() if isinstance(schema, dict) else enumerate(schema) if isinstance(schema, list) else ():
        if key == "enum" and isinstance(value, list) and len(set(map(json.dumps, value))) < len(value):
            yield where
        yield from repeated(value, f"{where}/{key}")


def check_tables(validator, schema):
    """Each protocol is a layer, each field has a text, each name of a value is taken, and the number above the last is not."""
    unknown, silent, names, limits = [], [], [], []
    for protocol in protocols():
        layer = schema["definitions"].get(f"layer.{protocol['name']}")
        if not layer:
            unknown.append(protocol["name"])
            continue
        required = {f["name"]: "02:00:00:00:00:01" for f in protocol["fields"] if f["required"] and f["kind"] == "mac"}
        properties = layer.get("properties") or layer["anyOf"][1]["properties"]
        for field in protocol["fields"]:
            shown = properties.get(field["name"], {})
            if not all(row.get("description") and row.get("title") for row in shown.get("anyOf", []) if "title" in row) or not shown:
                silent.append(f"{protocol['name']}.{field['name']}")
            for value in field["names"]:
                document = {"layers": [{protocol["name"]: {**required, field["name"]: value["name"]}}]}
                if complaint(validator, document):
                    names.append(f"{protocol['name']}.{field['name']}={value['name']}")
            rows = [f for f in protocol["fields"] if f["name"] == field["name"]]
            if field["kind"] in ("number", "flags") and len(rows) == 1:
                for value, good in ((2 ** field["width"] - 1, True), (2 ** field["width"], False), (-1, False)):
                    document = {"layers": [{protocol["name"]: {**required, field["name"]: value}}]}
                    if (complaint(validator, document) is None) != good:
                        limits.append(f"{protocol['name']}.{field['name']}={value}")
    point(not unknown, "every protocol has its layer", unknown)
    point(not silent, "every field has a title and a description", silent)
    point(not names, "every name of a value is accepted", names)
    point(not limits, "numbers are accepted up to the field's last, and no further", limits)


GOOD_VALUES = [
    ("udp", "dport", "{inc: 1000..2000, step: 2}"), ("udp", "dport", "{list: [80, 0x1bb, $port]}"), ("udp", "dport", "0b101"),
    ("udp", "dport", "{random: 0..65535, each: frame}"), ("udp", "dport", "{value: 0, bits: 0..3, random: 0..15}"),
    ("udp", "dport", "{same-as: udp.sport}"), ("udp", "checksum", "bad"), ("udp", "checksum", "'0x12'"), ("udp", "dport", "007"),
    ("ipv4", "src", "{inc: 10.0.0.0/24}"), ("ipv4", "src", "{shuffle: 10.0.0.1..10.0.0.9}"), ("ipv4", "src", "$if.ipv4"),
    ("ipv4", "protocol", "udp"), ("ipv4", "flags", "df|mf"), ("ipv4", "options", "auto"), ("ipv4", "options", "[nop, {raw: 0102}]"),
    ("ipv6", "src", "fe80::1"), ("ipv6", "src", "'::'"), ("ipv6", "src", "'::ffff:192.0.2.1'"), ("ipv6", "src", "1:2:3:4:5:6:7:8"),
    ("ipv6", "src", "{random: 2001:db8::/64}"), ("tcp", "flags", "syn|ack|0x100"), ("tcp", "flags", "0"),
    ("tcp", "options", "[mss: 1460, nop, sack-permitted, {timestamps: {val: 1, ecr: 2}}, {option: {kind: 254, data: beef}}]"),
    ("tcp", "options", "[mss: {inc: 500..1460}]"), ("tcp", "options", "[sack: [{left: 1, right: 2}]]"), ("arp", "sha", "$hop.mac"),
    ("payload", "data", "{value: {fill: 0, size: 18}, bits: 112..143, inc: 0..4294967295}"), ("payload", "data", "{inc: 00000000..ffffffff}"),
    ("payload", "data", "{list: [text, {hex: ff00}]}"), ("payload", "data", "{value: text, bits: 3, list: [0, 1]}"),
    ("tcp", "options", "[{option: {kind: 254, data: {value: 0000, bits: 0..3, random: 1..9}}}]"),
    ("arp", "sha", "02-00-00-00-00-01"), ("arp", "sha", "{inc: 02:00:00:00:00:01..02:00:00:00:00:09}"), ("arp", "op", "{list: [request, 2]}"),
]
BAD_VALUES = [
    ("udp", "dport", "65536"), ("udp", "dport", "{inc: 1..65536}"), ("udp", "dport", "{inc: 1..0x10000}"), ("udp", "dport", "1.5"),
    ("udp", "dport", "bad"), ("udp", "dport", "true"), ("udp", "dport", "{list: [1, auto]}"), ("ipv4", "src", "10.0.0.0/24"),
    ("ipv4", "src", "{inc: 10.0.0.0/33}"), ("ipv4", "src", "$if.ipv5"), ("ipv4", "flags", "df,mf"), ("ipv6", "src", "1::2::3"),
    ("ipv6", "src", "1:2:3:4:5:6:7:8:9"), ("ipv6", "src", "fe80::1%eth0"), ("tcp", "options", "[mss: 65536]"), ("tcp", "options", "[{mss: 1, nop: 2}]"),
    ("tcp", "options", "[mms]"), ("tcp", "options", "{mss: 1}"), ("arp", "sha", "02:00:00:00:00"), ("arp", "op", "reqest"),
]


def check_values(validator):
    for values, good in ((GOOD_VALUES, True), (BAD_VALUES, False)):
        for protocol, field, text in values:
            document = YAML(typ="safe", pure=True).load(f"layers: [{{{protocol}: {{{field}: {text}}}}}]")
            why = complaint(validator, document)
            point((why is None) == good, f"{protocol}.{field}: {text} is {'accepted' if good else 'refused'}", why)


def check_scripts():
    """Every script that is shipped is one, and what its reader refuses for its shape is none."""
    schema = json.loads(subprocess.run([PKTSMITH, "schema", "--tests"], check=True, capture_output=True, text=True).stdout)
    jsonschema.Draft7Validator.check_schema(schema)
    point(not list(repeated(schema)), "no enum of the schema of scripts has a word twice", list(repeated(schema)))
    validator = jsonschema.Draft7Validator(schema)
    for path in sorted(glob.glob("tests/exchange/*.yaml")):
        why = complaint(validator, YAML(typ="safe", pure=True).load(open(path)))
        point(why is None, f"{path} is a script", why)
    for text in ("steps: []", "steps: [sned: {}]", "steps: [{wait: 1s, within: 1s}]", "steps: [repeat: 3]", "interface: lab",
                 "steps: [expect: {layers: [tcp: {dprt: 1}]}]", "{steps: [wait: 1s], peer: {sctp: 9}}", "steps: [wait: soon]"):
        why = complaint(validator, YAML(typ="safe", pure=True).load(text))
        point(why is not None, f"{text} is none", "it is accepted")


def main():
    check_scripts()
    text = subprocess.run([PKTSMITH, "schema"], check=True, capture_output=True, text=True).stdout
    schema = json.loads(text)
    try:
        jsonschema.Draft7Validator.check_schema(schema)
        why = None
    except jsonschema.SchemaError as error:
        why = error.message
    point(why is None and "draft-07" in schema["$schema"], "the schema is a JSON Schema of draft 7", why)
    point(len(text) < 4_000_000, "it has less than 4 MB", len(text))
    twice = list(repeated(schema))
    point(not twice, "no enum has a word twice", twice)
    validator = jsonschema.Draft7Validator(schema)
    check_tables(validator, schema)
    check_values(validator)
    check_good(validator)
    check_bad(validator)
    print(f"1..{count}")
    return failed > 0


sys.exit(main())
