"""Scores DNA words by an ONNX model: program="python3 docs/examples/score_onnx.py model.onnx"

Needs onnxruntime and numpy (pip install onnxruntime numpy) and a model whose first input takes one-hot
words, [batch, length, 4] of float32, and whose first output is a score for each. With returns=score gfn
makes rewards of them (min=, exponent=, sigmoid=).
"""

import json
import sys

import numpy
import onnxruntime

LETTERS = "ACGT"


def one_hot(words):
    """[batch, length, 4]; the words of a batch are padded with zeros to the longest one."""
    batch = numpy.zeros((len(words), max(map(len, words)), len(LETTERS)), numpy.float32)
    for row, word in enumerate(words):
        for place, letter in enumerate(word):
            batch[row, place, LETTERS.index(letter)] = 1
    return batch


def main(path):
    session = onnxruntime.InferenceSession(path)
    name = session.get_inputs()[0].name
    for line in sys.stdin:
        request = json.loads(line)
        if "objects" not in request:
            continue
        scores = session.run(None, {name: one_hot(request["objects"])})[0].reshape(-1)
        print(json.dumps({"id": request["id"], "scores": scores.tolist()}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
