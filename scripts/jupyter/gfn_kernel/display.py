"""What a cell shows in the notebook."""

import html
import uuid


class Display:
    """Sends the outputs of one cell. Progress is shown while the cell runs and leaves no trace."""

    def __init__(self, send, is_silent):
        self._send = send
        self._is_silent = is_silent
        self._outputs = []
        self._progress = None

    def stream(self, name, text):
        self._show("stream", {"name": name, "text": text})

    def data(self, data):
        self._show("display_data", {"data": data, "metadata": {}})

    def error(self, content):
        self._show("error", content)

    def progress(self, event):
        if self._is_silent:
            return
        content = {"data": _progress(event), "metadata": {}}
        if self._progress is None:
            self._progress = uuid.uuid4().hex
            kind = "display_data"
        else:
            kind = "update_display_data"
        self._send(kind, {**content, "transient": {"display_id": self._progress}})

    def close(self):
        """Takes the progress away: Jupyter can only clear everything, so the rest is shown again."""
        if self._progress is None:
            return
        self._progress = None
        self._send("clear_output", {"wait": bool(self._outputs)})
        for kind, content in self._outputs:
            self._send(kind, content)

    def _show(self, kind, content):
        if self._is_silent:
            return
        self._outputs.append((kind, content))
        self._send(kind, content)


def _progress(event):
    if event["last"]:
        return {"text/plain": ""}
    words = [f"{event['command']} {event['done']:g}/{event['total']:g}"]
    words += [f"{reading['name']} {reading['text']}" for reading in event["readings"]]
    if event["seconds_left"] is not None:
        words.append(f"{_duration(event['seconds_left'])} left")
    text = "  ".join(words)
    bar = f'<progress value="{event["done"]}" max="{event["total"]}"></progress>'
    return {"text/plain": text, "text/html": f"{bar} <code>{html.escape(text)}</code>"}


def _duration(seconds):
    whole = int(seconds + 0.999)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
