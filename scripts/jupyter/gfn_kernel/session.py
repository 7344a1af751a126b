"""A running `gfn session`, spoken to as docs/session-protocol.md describes."""

import json
import os
import select
import signal
import subprocess


class Ended(Exception):
    """The program has ended."""

    def __init__(self, status):
        self.status = status
        how = f"by signal {-status}" if status < 0 else f"with status {status}"
        super().__init__(f"gfn has ended {how}; the next cell starts a new session")


class Session:
    def __init__(self, command):
        # A process group of its own: Jupyter interrupts the kernel's whole group, and an interrupt must
        # reach the program once.
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
        self._rest = b""
        # Standard error is open.
        self._speaks = True
        self._count = 0

    def request(self, kind, **fields):
        """The events of a request as they come, to the last; answers go through `answer`."""
        self._count += 1
        number = self._count
        self._send({"id": number, "type": kind, **fields})
        while True:
            for event in _merged(self._events()):
                if event.get("id") != number:
                    continue
                yield event
                if event["event"] == "done":
                    return

    def ask(self, kind, **fields):
        """The last event of a request that gives no others."""
        for event in self.request(kind, **fields):
            if event["event"] == "done":
                return event
        raise Ended(self._process.wait())

    def answer(self, text):
        self._send({"type": "answer", "text": text})

    def interrupt(self):
        """Ctrl-C."""
        self._process.send_signal(signal.SIGINT)

    def close(self):
        """Lets the program end by itself, and ends it where it does not."""
        self._process.stdin.close()
        for end in (self._process.terminate, self._process.kill):
            try:
                self._process.wait(timeout=1)
                return
            except subprocess.TimeoutExpired:
                end()
        self._process.wait()

    def _send(self, request):
        line = json.dumps(request).encode() + b"\n"
        try:
            while line:
                line = line[self._process.stdin.write(line) :]
        except (BrokenPipeError, ValueError):
            raise Ended(self._process.wait()) from None

    def _events(self):
        """What has arrived; waits for one event at least."""
        events, words = self._process.stdout.fileno(), self._process.stderr.fileno()
        while True:
            ready, _, _ = select.select([events, words] if self._speaks else [events], [], [])
            if words in ready:
                # The protocol has none of this: scripts/gfn that builds, or a program that ends badly.
                text = os.read(words, 1 << 16).decode(errors="replace")
                self._speaks = text != ""
                if text:
                    return [{"id": self._count, "event": "stream", "name": "stderr", "text": text}]
                continue
            piece = os.read(events, 1 << 16)
            if not piece:
                raise Ended(self._process.wait())
            *lines, self._rest = (self._rest + piece).split(b"\n")
            if lines:
                return [json.loads(line) for line in lines]


def _merged(events):
    """Lines of one stream that arrived together become one event: a notebook is slow to take many."""
    merged = []
    for event in events:
        last = merged[-1] if merged else None
        if (
            last is not None
            and event["event"] == last["event"] == "stream"
            and event["name"] == last["name"]
            and event["id"] == last["id"]
        ):
            last["text"] += event["text"]
        else:
            merged.append(event)
    return merged
