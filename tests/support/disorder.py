"""disorder.py IF SEED STREAMS FRAMES: sends signed frames of python's own making, some lost, late, twice, thrice or damaged, and prints
what a receiver has to count of them, worked out by the words of RFC 4737 and of the manual, frame by frame."""
import json
import random
import socket
import struct
import sys
import time

interface, seed, streams, frames = sys.argv[1], *map(int, sys.argv[2:])
random.seed(seed)
FILL = bytes(20)


def inverse_sum(octets):
    words = struct.unpack(f">{len(octets) // 2}H", octets)
    total = sum(words)
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def frame(stream, sequence, damage):
    signature = struct.pack(">IHI", 0x9e4b7a35, stream, sequence) + (time.time_ns() % (1 << 48)).to_bytes(6, "big")
    source, target = socket.inet_aton("192.0.2.1"), socket.inet_aton("192.0.2.2")
    udp = bytearray(struct.pack(">4H", 5000, 6000, 8 + len(FILL) + len(signature), 0) + FILL + signature)
    udp[6:8] = (inverse_sum(source + target + struct.pack(">2H", 17, len(udp)) + udp) or 0xffff).to_bytes(2, "big")
    ip = bytearray(struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0) + source + target)
    ip[10:12] = inverse_sum(ip).to_bytes(2, "big")
    if damage:
        udp[8 + random.randrange(len(FILL))] ^= 1 << random.randrange(8)
    return b"\x02\0\0\0\x09\x0b\x02\0\0\0\x09\x0a\x08\0" + ip + udp


def sent_of_stream():
    """Sequences in the order in which they leave."""
    kept = [s for s in range(frames) if random.random() > 0.03 or s == frames - 1]
    kept.sort(key=lambda s: s + (random.randint(2, 40) if random.random() < 0.1 else 0))
    out = []
    for s in kept:
        out += [s] * (random.randint(2, 4) if random.random() < 0.05 else 1)
    for s in random.sample(kept, len(kept) // 100):
        out.insert(random.randrange(len(out)), s)
    return out


def count(sequences, counts):
    came, seen, highest = [], set(), -1
    for s in sequences:
        counts["received"] += 1
        if s in seen:
            counts["duplicated"] += 1
            continue
        if s < highest:
            first = next(i for i, other in enumerate(came) if other > s)
            counts["reordered"] += 1
            counts["extent_max"] = max(counts["extent_max"], len(came) - first)
            counts["late_by_three"] += len(came) >= 3 and all(other > s for other in came[-3:])
        highest = max(highest, s)
        came.append(s)
        seen.add(s)
    counts["lost"] += highest + 1 - len(came)


link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
link.bind((interface, 0))
counts = dict.fromkeys(("received", "duplicated", "reordered", "lost", "corrupted", "extent_max", "late_by_three"), 0)
left = {stream: sent_of_stream() for stream in range(streams)}
for sequences in left.values():
    count(sequences, counts)
while left:
    stream = random.choice(list(left))
    damage = random.random() < 0.02
    counts["corrupted"] += damage
    link.send(frame(stream, left[stream].pop(0), damage))
    if not left[stream]:
        del left[stream]
print(json.dumps(counts))
