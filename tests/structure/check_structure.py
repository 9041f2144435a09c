#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the rules of the source tree that no compiler checks; ARCHITECTURE.md gives the reasons.

usage: check_structure.py ROOT      prints one line per breach, exits 1 when there is one
"""
import os
import re
import sys

# Directory: what it may include, besides itself.
MAY_INCLUDE = {
    "base": set(),
    "model": {"base"},
    "systemd": {"base"},
    "net": {"systemd", "base"},
    "store": {"model", "base"},
    "webex": {"net", "model", "base"},
    "report": {"store", "model", "base"},
    "sync": {"webex", "store", "net", "model", "base"},
    "monitor": {"webex", "store", "net", "systemd", "model", "base"},
    "daemon": {"monitor", "sync", "webex", "store", "net", "systemd", "model", "base"},
    "cli": {"daemon", "monitor", "sync", "report", "webex", "store", "net", "systemd", "model", "base"},
    "simulator": {"base"},
}
OTHER_ROOTS = ("tests", "bench")

# Library: its headers, its CMake targets, and the only places that may name either.
LIBRARIES = {
    "libcurl": (r"curl/", r"PkgConfig::CURL|CURL::", ("net/",)),
    "libsystemd": (r"systemd/sd-", r"PkgConfig::SYSTEMD", ("systemd/",)),
    "SQLite": (r"sqlite3|SQLiteCpp/", r"SQLiteCpp|PkgConfig::SQLITE3", ("store/", "tests/store/", "tests/sync/", "bench/")),
    "libxlsxwriter": (r"xlsxwriter", r"PkgConfig::XLSXWRITER", ("report/", "bench/report/")),
    "RapidJSON": (r"rapidjson/", r"rapidjson", ("base/",)),
    "spdlog": (r"spdlog/", r"spdlog::", ("base/",)),
    "date and tz": (r"date/", r"date::", ("base/",)),
    "OpenSSL": (r"openssl/", r"OpenSSL::", ("base/", "tests/net/", "tests/integration/")),
    "cpp-httplib": (r"httplib", r"PkgConfig::HTTPLIB", ("tests/",)),
    "CLI11": (
        r"CLI/",
        r"CLI11::",
        ("cli/arguments", "cli/CMakeLists.txt", "simulator/program/main", "simulator/CMakeLists.txt"),
    ),
    "prometheus-cpp": (r"prometheus/", r"prometheus-cpp|PkgConfig::PROMETHEUS", ("monitor/",)),
    "libmicrohttpd": (r"microhttpd", r"PkgConfig::MICROHTTPD", ("net/", "simulator/wire/")),
    "zlib": (r"zlib\.h", r"ZLIB::", ("simulator/wire/",)),
    "GoogleTest": (r"g(test|mock)/", r"GTest::", ("tests/", "cmake/Targets.cmake")),
    "Google Benchmark": (r"benchmark/", r"benchmark::", ("bench/",)),
}
NEEDS_SPDX = (".cpp", ".h", ".cmake", ".py", ".sh", ".sql", "CMakeLists.txt")
VAGUE = re.compile(r"(^|_)(util|utils|helper|helpers|common|misc|manager)(_|\.|$)")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def text_of(path):
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read()


def files_of(root):
    tops = [*MAY_INCLUDE, *OTHER_ROOTS, "cmake", "tools"]
    for name in sorted(os.listdir(root)):
        if name == "CMakeLists.txt":
            yield name
    for top in tops:
        for directory, directories, names in os.walk(os.path.join(root, top)):
            directories[:] = sorted(f for f in directories if not f.startswith((".", "__")) and f != "build")
            for name in sorted(names):
                yield os.path.relpath(os.path.join(directory, name), root)


def library_breaches(path, text):
    is_cmake = path.endswith("CMakeLists.txt") or path.endswith(".cmake")
    is_source = path.endswith((".cpp", ".h"))
    for library, (header, target, places) in LIBRARIES.items():
        if path.startswith(places):
            continue
        if is_source:
            for kind, name in INCLUDE.findall(text):
                if kind == "<" and re.match(header, name):
                    yield f"{path}: includes <{name}>; {library} belongs to {', '.join(places)}"
        if is_cmake and path != "cmake/Dependencies.cmake":
            found = re.search(target, text)
            if found:
                yield f"{path}: names {found.group()}; {library} belongs to {', '.join(places)}"


def include_breaches(root, path, text):
    directory = path.split("/")[0]
    for kind, name in INCLUDE.findall(text):
        if kind == "<":
            continue
        target = name.split("/")[0]
        # What the tests of one directory share stands beside them.
        if directory == "tests" and os.path.exists(os.path.join(root, os.path.dirname(path), name)):
            continue
        if "/" not in name or target not in (*MAY_INCLUDE, *OTHER_ROOTS):
            yield f'{path}: "{name}" is not spelled from the root of the tree'
        elif directory in MAY_INCLUDE and target != directory and target not in MAY_INCLUDE[directory]:
            allowed = ", ".join(sorted(MAY_INCLUDE[directory])) or "nothing"
            yield f'{path}: includes "{name}"; {directory}/ may include {allowed}'
        elif directory == "tests" and target == "bench":
            yield f'{path}: includes "{name}"; tests do not include bench/'


def file_breaches(root, path):
    name = os.path.basename(path)
    if VAGUE.search(name.lower()):
        yield f"{path}: say what it is, not util, helper, common, misc or manager"
    if not name.endswith(NEEDS_SPDX):
        return
    text = text_of(os.path.join(root, path))
    if "SPDX-License-Identifier: Apache-2.0" not in "\n".join(text.splitlines()[:2]):
        yield f"{path}: no SPDX line at its beginning"
    if name.endswith(".h") and "#pragma once" not in text:
        yield f"{path}: no #pragma once"
    if name.endswith((".cpp", ".h")):
        yield from include_breaches(root, path, text)
    yield from library_breaches(path, text)


# Every directory with tests is added, and declares a program, whose sources CMake finds by itself.
def unbuilt_tests(root, paths):
    directories = sorted({os.path.dirname(p) for p in paths if p.startswith("tests/") and p.endswith("_test.cpp")})
    listing = text_of(os.path.join(root, "tests/CMakeLists.txt"))
    for directory in directories:
        name = directory.split("/", 1)[1]
        declared = "wxcc_test(" in text_of(os.path.join(root, directory, "CMakeLists.txt"))
        if not declared or not re.search(rf"\b{re.escape(name)}\b", listing):
            yield f"{directory}: holds tests that are not built"


# What no build compiles rots unnoticed.
def unbuilt_targets(root, paths):
    for path in paths:
        if path.endswith("CMakeLists.txt") and "EXCLUDE_FROM_ALL" in text_of(os.path.join(root, path)):
            yield f"{path}: EXCLUDE_FROM_ALL; everything in the repository is built by default"


def decision_breaches(root):
    directory = os.path.join(root, "docs/decisions")
    if not os.path.isdir(directory):
        return
    listed = set(re.findall(r"\]\(([^)]+\.md)\)", text_of(os.path.join(directory, "README.md"))))
    present = {name for name in os.listdir(directory) if name != "README.md"}
    for name in sorted(present - listed):
        yield f"docs/decisions/{name}: not in docs/decisions/README.md"
    for name in sorted(listed - present):
        yield f"docs/decisions/README.md: lists {name}, which does not exist"


# Paths in backquotes, as `webex/call_state` or `store/schema/views.sql`; a name without an ending stands for the pair.
def missing_paths(root):
    for document in ("ARCHITECTURE.md", "CONTRIBUTING.md"):
        for name in re.findall(r"`([a-z_]+/[\w./-]*\w)`", text_of(os.path.join(root, document))):
            path = os.path.join(root, name)
            if name.split("/")[0] in (*MAY_INCLUDE, *OTHER_ROOTS) and not any(
                os.path.exists(path + ending) for ending in ("", ".h", ".cpp")
            ):
                yield f"{document}: names `{name}`, which does not exist"


def breaches(root):
    paths = list(files_of(root))
    for path in paths:
        yield from file_breaches(root, path)
    yield from unbuilt_tests(root, paths)
    yield from unbuilt_targets(root, paths)
    yield from decision_breaches(root)
    yield from missing_paths(root)


def main(arguments):
    if len(arguments) != 2 or not os.path.isdir(arguments[1]):
        print(__doc__, file=sys.stderr)
        return 2
    found = list(breaches(arguments[1]))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
