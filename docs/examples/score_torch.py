"""Scores DNA words by a PyTorch network: program="python3 docs/examples/score_torch.py model.pt"

Needs torch (pip install torch) and a TorchScript file that takes one-hot words, [batch, length, 4], and
gives a score for each, [batch]. With returns=score gfn makes rewards of them (min=, exponent=, sigmoid=).
"""

import json
import sys

import torch

LETTERS = "ACGT"


def one_hot(words):
    """[batch, length, 4]; the words of a batch are padded with zeros to the longest one."""
    batch = torch.zeros(len(words), max(map(len, words)), len(LETTERS))
    for row, word in enumerate(words):
        for place, letter in enumerate(word):
            batch[row, place, LETTERS.index(letter)] = 1
    return batch


def main(path):
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = torch.jit.load(path, map_location=device).eval()
    print(f"{path} on {device}", file=sys.stderr)
    for line in sys.stdin:
        request = json.loads(line)
        if "objects" not in request:
            continue
        with torch.inference_mode():
            scores = model(one_hot(request["objects"]).to(device)).reshape(-1)
        print(json.dumps({"id": request["id"], "scores": scores.tolist()}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
