"""Scores DNA words for gfn: env sequence … program="python3 docs/examples/score.py"

gfn writes a JSON object a line to standard input and reads one a line from standard output:
    {"gfn": 1, "environment": "sequence length=12 …", "returns": "reward"}   once, at the start
    {"id": 7, "objects": ["ACGT…", …]}  →  {"id": 7, "scores": [0.12, …]}
Whatever else there is to say goes to standard error. Only the standard library is needed.
"""

import json
import os
import sys

MOTIFS = {"TATAAT": 6.0, "CACGTG": 5.0, "GGGCGG": 4.0}


def score(word):
    """A reward > 0: motifs in a word are worth much, a balance of GC a little."""
    reward = 0.05
    for motif, worth in MOTIFS.items():
        # A motif counts by its longest run of letters that the word has.
        longest = max(
            (b - a for a in range(len(motif)) for b in range(a + 1, len(motif) + 1) if motif[a:b] in word),
            default=0,
        )
        reward += worth * (longest / len(motif)) ** 4
    gc = sum(letter in "GC" for letter in word) / max(1, len(word))
    return reward * (1 - abs(gc - 0.5))


def main():
    count = os.environ.get("GFN_SCORE_COUNT")  # a file that gets a line for each object
    for line in sys.stdin:
        request = json.loads(line)
        if "objects" not in request:
            continue  # the greeting
        if count:
            with open(count, "a") as file:
                file.writelines(f"{word}\n" for word in request["objects"])
        answer = {"id": request["id"], "scores": [score(word) for word in request["objects"]]}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
