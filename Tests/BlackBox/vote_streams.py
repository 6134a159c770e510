"""NDJSON streams: send lines, read the answers, and check what is promised of every stream.

The promises are checked on each answer of each stream of every test, so that a test of something
else notices, too, when one of them is broken.
"""

import json

_SUMS_OF_VOTES = ("counted", "replaced", "unchanged", "withdrawn", "pending", "refused")
_SUMS_OF_DELETIONS = ("deleted", "already_deleted", "refused")


def encode_lines(lines):
    """Commands as NDJSON."""
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


class AnsweredStream:
    """A request stream whose response lines are read and checked in their order."""

    def __init__(self, stream):
        self.stream = stream
        #: Every line up to this one is decided and on stable storage.
        self.through = 0
        self.sequence = 0
        #: The code by which each refused line was refused.
        self.refused = {}
        #: The last line of the response, once it is there.
        self.done = None

    def send(self, *lines):
        self.send_bytes(encode_lines(lines))

    def send_bytes(self, data):
        self.stream.write(data)

    def read_answer(self):
        """Waits for one answer and checks it; None at the end of the response."""
        line = self.stream.next_line()
        if line is None:
            return None
        return self._take(line)

    def wait_through(self, line):
        """Reads answers until every line up to `line` is decided."""
        while self.through < line:
            assert self.read_answer() is not None, f"the stream ended before line {line}"
            assert self.done is None, f"done before line {line} was covered: {self.done}"

    def take_answers_at_hand(self):
        for line in self.stream.lines_at_hand():
            self._take(line)

    def finish(self):
        """Ends the request and reads all answers; the summary of the last one."""
        self.stream.end()
        return self.read_to_end()

    def read_to_end(self):
        while self.read_answer() is not None:
            pass
        assert self.done is not None, "the response ended without its last line"
        return self.done

    def _take(self, line):
        answer = json.loads(line)
        assert self.done is None, f"an answer after the last one: {answer}"
        if "done" in answer:
            self._check_done(answer)
            self.done = answer
        elif "line" in answer:
            assert set(answer) == {"line", "error"}, answer
            number = answer["line"]
            assert number > self.through, f"refused after it was covered: {answer}"
            assert number not in self.refused, f"refused twice: {answer}"
            self.refused[number] = answer["error"]
        else:
            assert set(answer) == {"through", "sequence"}, answer
            assert answer["through"] > self.through, (self.through, answer)
            assert answer["sequence"] >= self.sequence, (self.sequence, answer)
            self.through, self.sequence = answer["through"], answer["sequence"]
        return answer

    def _check_done(self, done):
        assert done["sequence"] >= self.sequence, done
        if done["done"] is False:
            assert set(done) == {"done", "error", "through", "sequence"}, done
            assert done["through"] >= self.through, done
            return
        assert done["done"] is True
        sums = _SUMS_OF_DELETIONS if "deleted" in done else _SUMS_OF_VOTES
        other = {"retracted", "frozen"} if "deleted" in done else set()
        assert set(done) == {"done", "lines", "sequence", *sums} | other, done
        assert done["refused"] == len(self.refused), (done, self.refused)
        assert done["lines"] >= self.through, done
        # Blank lines are lines, too, and belong to no sum.
        assert sum(done[name] for name in sums) <= done["lines"], done
