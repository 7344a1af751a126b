"""The kernel as Jupyter sees it: `python -m pytest scripts/jupyter/tests`, with the kernel installed."""

import time
import unittest

import jupyter_kernel_test
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError


class Conformance(jupyter_kernel_test.KernelTests):
    kernel_name = "gfn"
    language_name = "gfn"
    file_extension = ".gfn"
    code_hello_world = 'print "hello, world"'
    code_stderr = "env hypergrid dim=2 side=8; method TB-U; train 1; env hypergrid dim=2 side=4"
    completion_samples = [
        {"text": "tra", "matches": {"train", "trace", "trajectories"}},
        {"text": "env hyperg", "matches": {"hypergrid"}},
    ]
    complete_code_samples = ["print 1", "repeat 2 {\n  print 1\n}"]
    incomplete_code_samples = ["repeat 2 {", "print (1 +"]
    invalid_code_samples = ["prnt 1", "print )"]
    code_generate_error = "assert 1 > 2"
    code_inspect_sample = "train"
    code_display_data = [{"code": "env list", "mime": "text/plain"}]

    def test_interrupt_keeps_what_was_trained(self):
        self.flush_channels()
        identity = self.kc.execute("env hypergrid dim=2 side=8; method TB-U; train 10000000 every=5000000")
        while self.kc.get_iopub_msg(timeout=30)["header"]["msg_type"] != "update_display_data":
            pass
        self.km.interrupt_kernel()
        reply = self.get_non_kernel_reply(identity)
        self.assertEqual(reply["content"]["status"], "error")
        self.assertEqual(reply["content"]["ename"], "interrupted")
        self.flush_channels()
        reply, outputs = self.execute_helper("let now = show; assert $now.step > 0; print $now.step")
        self.assertEqual(reply["content"]["status"], "ok")
        self.assertGreater(int(outputs[-1]["content"]["text"]), 0)

    def get_non_kernel_reply(self, identity):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            reply = self.kc.get_shell_msg(timeout=30)
            if reply["parent_header"].get("msg_id") == identity:
                return reply
        self.fail("no reply")


class Headless(unittest.TestCase):
    def run_cells(self, *cells):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        NotebookClient(notebook, kernel_name="gfn", timeout=60).execute()
        return notebook

    def test_cells_share_a_session(self):
        notebook = self.run_cells("let x = 20", "print $x + 1")
        self.assertEqual(notebook.cells[1].outputs[0].text, "21\n")

    def test_a_failing_assertion_stops_the_notebook(self):
        with self.assertRaises(CellExecutionError) as caught:
            self.run_cells("assert 1 > 2, \"no\"", "print 1")
        self.assertIn("1 > 2 does not hold", str(caught.exception))

    def test_progress_leaves_no_trace(self):
        notebook = self.run_cells("env hypergrid dim=2 side=16; method RL-G\nprint 1\ntrain 400 every=400")
        kinds = [output.output_type for output in notebook.cells[0].outputs]
        self.assertNotIn("<progress", str(notebook))
        self.assertIn("stream", kinds)
        self.assertIn("display_data", kinds)

    def test_nobody_can_be_asked(self):
        notebook = self.run_cells('let guess = ask "how far?" default=3\nprint $guess')
        self.assertEqual(notebook.cells[0].outputs[0].text, "how far? [3]\n3\n")

    def test_an_exit_has_its_status(self):
        with self.assertRaises(CellExecutionError) as caught:
            self.run_cells("exit 3")
        self.assertIn("exit status 3", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
