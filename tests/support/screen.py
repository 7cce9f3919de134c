#!/usr/bin/python3
"""Runs a command on a terminal, and says what stood on it, as JSON.

Usage: screen.py COLUMNS ROWS [key=SECONDS] COMMAND...
  key=SECONDS   presses Ctrl-C so long after what runs was drawn first
The command's standard error is the terminal; its standard output and input, too, unless it has others of its own.
  drawn     what runs, as it stood each time that it was drawn: a list of lines, blank ones at the end left out
  end       what stands there at the end, lines that have scrolled away included
  hidden    the cursor is hidden at the end
  escapes   what the program wrote holds escape sequences
  status    the command's
"""
import fcntl
import json
import os
import pty
import re
import select
import struct
import sys
import termios
import time

import pyte

# Where a line of what runs begins to be drawn, or is taken away: see live.c.
DRAWING = re.compile(rb"(?:\x1b\[\d+A)?\r(?!\n)")
NOTHING = re.compile(rb"(?:\x1b\[[JK]| )*\Z")


def run(columns, rows, key, command):
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.execvp(command[0], command)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    data, due = b"", None
    while True:
        if key is not None and due is None and DRAWING.search(data):
            due = time.monotonic() + key
        if due is not None and time.monotonic() >= due:
            os.write(terminal, b"\x03")
            key = due = None
        if not select.select([terminal], [], [], 0.05)[0]:
            continue
        try:
            more = os.read(terminal, 65536)
        except OSError:
            more = b""
        if not more:
            break
        data += more
    return data, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def lines_of(screen, columns):
    above = ["".join(line[i].data for i in range(columns)) for line in screen.history.top]
    lines = [line.rstrip() for line in above + list(screen.display)]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def main():
    columns, rows = int(sys.argv[1]), int(sys.argv[2])
    command = sys.argv[3:]
    key = float(command.pop(0)[4:]) if command[0].startswith("key=") else None
    data, status = run(columns, rows, key, command)
    screen = pyte.HistoryScreen(columns, rows, history=1000)
    stream = pyte.ByteStream(screen)
    starts = [match.start() for match in DRAWING.finditer(data)] + [len(data)]
    stream.feed(data[: starts[0]])
    drawn, taken_away = [], False
    for start, end in zip(starts, starts[1:]):
        part = data[start:end]
        stream.feed(part)
        taken_away = taken_away or NOTHING.match(DRAWING.sub(b"", part, count=1)) is not None
        if not taken_away:
            drawn.append(lines_of(screen, columns))
    print(json.dumps({
        "drawn": drawn, "end": lines_of(screen, columns), "hidden": screen.cursor.hidden,
        "escapes": b"\x1b" in data, "status": status}))


main()
