"""The kernel: Jupyter's messages on one side, a gfn session on the other."""

import contextlib
import re
import signal
import threading

from ipykernel.kernelbase import Kernel

from . import __version__, program
from .display import Display
from .session import Ended, Session

# `word?`, as IPython's users type it; `?word` is the language's own.
_QUESTION = re.compile(r"\s*\??([\w.-]+)\?{1,2}\s*\Z")


class GFNKernel(Kernel):
    implementation = "gfn"
    implementation_version = __version__
    language = "gfn"
    language_version = __version__
    # Editors know no gfn; comments, strings and `$names` look as in a shell's.
    language_info = {
        "name": "gfn",
        "version": __version__,
        "mimetype": "text/x-gfn",
        "file_extension": ".gfn",
        "pygments_lexer": "bash",
        "codemirror_mode": "shell",
    }
    banner = "gfn: generative flow networks; 'help' lists the commands"

    def __init__(self, **arguments):
        super().__init__(**arguments)
        self._session = None
        # Reported by the first cell; a kernel that cannot start says nothing.
        with contextlib.suppress(program.NotFound, OSError):
            self._running()

    # Running

    def do_execute(
        self, code, silent, store_history=True, user_expressions=None, allow_stdin=False, **_
    ):
        # `raw_input` looks here.
        self._allow_stdin = allow_stdin
        display = Display(self._publish, silent)
        name = f"cell {self.execution_count}"
        try:
            return self._execute(self._running(), display, _statements(code), name, allow_stdin)
        except (program.NotFound, OSError) as error:
            return self._failure(display, "gfn", str(error))
        except Ended as ended:
            self._session = None
            return self._failure(display, "ended", str(ended))
        finally:
            display.close()

    def _execute(self, session, display, code, name, allow_stdin):
        errors = []
        with self._interrupts_forwarded(session):
            for event in session.request("execute", code=code, name=name, asks=allow_stdin):
                kind = event["event"]
                if kind == "stream":
                    display.stream(event["name"], event["text"])
                elif kind == "display":
                    display.data(event["data"])
                elif kind == "progress":
                    display.progress(event)
                elif kind == "ask":
                    session.answer(self._answer(event))
                elif kind == "error":
                    errors.append(event)
                elif kind == "done":
                    return self._reply(display, event, errors)
        raise Ended(0)

    def _reply(self, display, done, errors):
        status = done["status"]
        if status == "exit":
            self._session.close()
            self._session = None
            if done["exit"] != 0:
                return self._failure(display, "exit", f"exit status {done['exit']}")
            leave = {"source": "ask_exit", "keepkernel": False}
            return {**self._success(), "payload": [leave]}
        if status == "interrupted":
            # An error, so that the cells that wait behind it do not run; what was said stands above.
            return self._error("interrupted", "interrupted", [])
        if errors:
            first = errors[0]
            message = first["message"] + (f"; {first['fix']}" if "fix" in first else "")
            lines = [line for error in errors for line in error["text"].split("\n")]
            return self._failure(display, first["code"], message, lines)
        return self._success()

    def _success(self):
        return {
            "status": "ok",
            "execution_count": self.execution_count,
            "payload": [],
            "user_expressions": {},
        }

    def _failure(self, display, name, message, traceback=None):
        content = {
            "ename": name,
            "evalue": message,
            "traceback": traceback or [f"error: {message}"],
        }
        display.error(content)
        return self._error(**content)

    def _error(self, ename, evalue, traceback):
        return {
            "status": "error",
            "execution_count": self.execution_count,
            "ename": ename,
            "evalue": evalue,
            "traceback": traceback,
        }

    def _answer(self, question):
        """The answer to a question; None where there is none, as Ctrl-C was pressed instead."""
        text = question["text"]
        if question["choices"]:
            text += f" ({', '.join(question['choices'])})"
        if question["default"] is not None:
            text += f" [{question['default']}]"
        if question["remark"]:
            text = f"{question['remark']}. {text}"
        with _handled(signal.default_int_handler):
            try:
                return self.raw_input(text + " ")
            except (KeyboardInterrupt, EOFError):
                return None
            except Exception:
                # The session waits for an answer, whatever happened.
                self.log.exception("the question could not be asked")
                return None

    # Editing

    def do_complete(self, code, cursor_pos):
        found = self._ask("complete", code=code, cursor=cursor_pos) or {}
        matches = [match["text"] for match in found.get("matches", [])]
        start = found.get("cursor_start", cursor_pos)
        end = found.get("cursor_end", cursor_pos)
        typed = [
            {"start": start, "end": end, "text": match["text"], "type": _kind(match["text"])}
            for match in found.get("matches", [])
        ]
        return {
            "status": "ok",
            "matches": matches,
            "cursor_start": start,
            "cursor_end": end,
            "metadata": {"_jupyter_types_experimental": typed},
        }

    def do_inspect(self, code, cursor_pos, detail_level=0, omit_sections=()):
        found = self._ask("inspect", code=code, cursor=cursor_pos) or {}
        return {
            "status": "ok",
            "found": found.get("found", False),
            "data": found.get("data", {}),
            "metadata": {},
        }

    def do_is_complete(self, code):
        judged = self._ask("is_complete", code=_statements(code)) or {}
        reply = {"status": judged.get("state", "unknown")}
        if reply["status"] == "incomplete":
            reply["indent"] = judged.get("indent", "")
        return reply

    def do_shutdown(self, restart):
        session, self._session = self._session, None
        if session is not None:
            session.close()
        return {"status": "ok", "restart": restart}

    # The session

    def _running(self):
        if self._session is None:
            self._session = Session(program.command())
        return self._session

    def _ask(self, kind, **fields):
        try:
            return self._running().ask(kind, **fields)
        except (program.NotFound, OSError):
            return None
        except Ended:
            self._session = None
            return None

    def _interrupts_forwarded(self, session):
        """An interrupt of the kernel becomes Ctrl-C of the session, and no Python exception."""
        return _handled(lambda *_: session.interrupt())

    def _publish(self, kind, content):
        self.send_response(self.iopub_socket, kind, content)


@contextlib.contextmanager
def _handled(handler):
    # Python lets no other thread do this.
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _kind(completion):
    """What JupyterLab writes beside a completion; it has no room for a description."""
    ends = {"=": "option", "(": "function", "/": "folder"}
    return "variable" if completion.startswith("$") else ends.get(completion[-1:], "word")


def _statements(code):
    question = _QUESTION.match(code)
    return f"help {question[1]}" if question else code
