/// The votes of an account that has more than a block holds: sorted runs of at most 4,096 words,
/// so that no change moves more than one run.
package struct LargeVotes: Sendable {
    package static let runLimit = 4096

    private var runs: [[UInt64]]
    package private(set) var count: Int

    package init(_ words: UnsafeMutablePointer<UInt64>, count: Int) {
        let half = count / 2
        runs = [
            Array(UnsafeBufferPointer(start: words, count: half)),
            Array(UnsafeBufferPointer(start: words + half, count: count - half)),
        ]
        self.count = count
    }

    package subscript(index: Int) -> UInt64 {
        get {
            let (run, offset) = locate(index)
            return runs[run][offset]
        }
        set {
            let (run, offset) = locate(index)
            runs[run][offset] = newValue
        }
    }

    package func forEachWord(in range: Range<Int>, _ body: (UInt64) -> Void) {
        var start = 0
        for run in runs {
            let part = range.clamped(to: start..<start + run.count)
            for index in part { body(run[index - start]) }
            start += run.count
        }
    }

    package func search(_ place: UInt64) -> (index: Int, found: Bool) {
        var start = 0
        for run in runs {
            if let last = run.last, last >> 24 < place {
                start += run.count
                continue
            }
            var low = 0
            var high = run.count
            while low < high {
                let middle = (low + high) >> 1
                if run[middle] >> 24 < place { low = middle + 1 } else { high = middle }
            }
            return (start + low, low < run.count && run[low] >> 24 == place)
        }
        return (start, false)
    }

    package mutating func insert(_ word: UInt64, at index: Int) {
        let (run, offset) = locate(index)
        runs[run].insert(word, at: offset)
        count += 1
        if runs[run].count > Self.runLimit {
            let half = runs[run].count / 2
            runs.insert(Array(runs[run][half...]), at: run + 1)
            runs[run].removeSubrange(half...)
        }
    }

    package mutating func remove(at index: Int) {
        let (run, offset) = locate(index)
        runs[run].remove(at: offset)
        count -= 1
        if runs[run].isEmpty && runs.count > 1 { runs.remove(at: run) }
    }

    func copy(to words: UnsafeMutablePointer<UInt64>) {
        var target = words
        for run in runs {
            target.update(from: run, count: run.count)
            target += run.count
        }
    }

    /// The run and the offset of a vote; one behind the last is behind the last run's last.
    private func locate(_ index: Int) -> (run: Int, offset: Int) {
        var offset = index
        for run in runs.indices {
            if offset < runs[run].count || run == runs.count - 1 { return (run, offset) }
            offset -= runs[run].count
        }
        preconditionFailure("a large account without a run")
    }
}
