"""What Outlook makes of a mail, written for tests: a .msg (a compound file, MS-CFB) and a winmail.dat (TNEF)."""

import struct
from dataclasses import dataclass, field

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF

Tree = dict[str, "bytes | Tree"]


@dataclass
class _Entry:
    name: str
    kind: int
    content: bytes = b""
    children: list[int] = field(default_factory=list)
    right: int = _NONE
    start: int = _END


def compound(tree: Tree) -> bytes:
    """A compound file of storages and streams."""
    entries = [_Entry("Root Entry", 5)]
    _add(entries, 0, tree)
    mini = b""
    for one in entries:
        if one.kind == 2 and len(one.content) < _CUTOFF:
            one.start = len(mini) // _MINI
            mini += one.content.ljust(-(-len(one.content) // _MINI) * _MINI, b"\0")
    entries[0].content = mini
    fat: list[int] = []
    data = b""

    def place(content: bytes) -> int:
        nonlocal data
        if not content:
            return _END
        count = -(-len(content) // _SECTOR)
        first = len(fat)
        fat.extend([*range(first + 1, first + count), _END])
        data += content.ljust(count * _SECTOR, b"\0")
        return first

    for one in entries:
        if one.kind == 5 or (one.kind == 2 and len(one.content) >= _CUTOFF):
            one.start = place(one.content)
    minifat: list[int] = []
    for one in entries:
        if one.kind == 2 and len(one.content) < _CUTOFF and one.content:
            count = -(-len(one.content) // _MINI)
            minifat += [*range(one.start + 1, one.start + count), _END]
    minifat_start = place(struct.pack(f"<{len(minifat)}I", *minifat).ljust(_SECTOR, b"\xff")) if minifat else _END
    directory_start = place(b"".join(map(_directory_entry, entries)))
    count = 1
    while len(fat) + count > count * (_SECTOR // 4):
        count += 1
    sectors = range(len(fat), len(fat) + count)
    table = [*fat, *[_FAT] * count]
    table += [_FREE] * (count * (_SECTOR // 4) - len(table))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, count, directory_start, 0, _CUTOFF, minifat_start, -(-len(minifat) * 4 // _SECTOR), _END, 0),
    )
    header += struct.pack(f"<{count}I", *sectors).ljust(436, b"\xff")
    return header + data + struct.pack(f"<{len(table)}I", *table)


def _add(entries: list[_Entry], parent: int, tree: Tree) -> None:
    for name in sorted(tree, key=lambda one: (len(one), one.upper())):
        value = tree[name]
        entries.append(_Entry(name, 2, value) if isinstance(value, bytes) else _Entry(name, 1))
        entries[parent].children.append(len(entries) - 1)
        if not isinstance(value, bytes):
            _add(entries, len(entries) - 1, value)
    for at, right in zip(entries[parent].children, entries[parent].children[1:], strict=False):
        entries[at].right = right


def _directory_entry(one: _Entry) -> bytes:
    name = one.name.encode("utf-16-le") + b"\0\0"
    child = one.children[0] if one.children else _NONE
    size = 0 if one.kind == 1 else len(one.content)
    start = 0 if one.kind == 1 else one.start
    return struct.pack(
        "<64sHBBIII16xI16xIQ", name.ljust(64, b"\0"), len(name), one.kind, 1, _NONE, one.right, child, 0, start, size
    )


def msg(*files: tuple[str, bytes], inner: "Tree | None" = None) -> Tree:
    """The storages of a message with attachments; `inner`: a message attached to it."""
    tree: Tree = {
        "__properties_version1.0": b"\0" * 32,
        "__substg1.0_001A001F": "IPM.Note".encode("utf-16-le"),
        "__substg1.0_0037001F": "Réponse".encode("utf-16-le"),
    }
    for number, (name, content) in enumerate(files):
        tree[f"__attach_version1.0_#{number:08X}"] = {
            "__properties_version1.0": b"\0" * 8,
            "__substg1.0_37010102": content,
            "__substg1.0_3707001F": name.encode("utf-16-le"),
        }
    if inner is not None:
        tree[f"__attach_version1.0_#{len(files):08X}"] = {"__substg1.0_3701000D": inner}
    return tree


def winmail(name: str, content: bytes) -> bytes:
    """A winmail.dat with one attachment."""

    def attribute(level: int, key: int, value: bytes) -> bytes:
        return struct.pack("<BII", level, key, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)

    return (
        struct.pack("<IH", 0x223E9F78, 1)
        + attribute(1, 0x00089006, struct.pack("<I", 0x10000))
        + attribute(2, 0x00069002, b"\0" * 14)
        + attribute(2, 0x00018010, name.encode("cp1252") + b"\0")
        + attribute(2, 0x0006800F, content)
    )
