/// Which line each command of a batch came from. Blank and refused lines leave gaps, so a run is
/// noted only where the lines of neighbouring commands do not follow each other.
package struct LineRuns: Sendable, Equatable {
    private var runs: [Run] = []
    private var count = 0
    private var nextLine: UInt64 = 0

    private struct Run: Equatable, Sendable {
        var firstIndex: Int
        var firstLine: UInt64
    }

    package init() {}

    /// Notes the line of the next command.
    @inline(__always)
    package mutating func append(line: UInt64) {
        if line != nextLine || runs.isEmpty {
            runs.append(Run(firstIndex: count, firstLine: line))
        }
        nextLine = line + 1
        count += 1
    }

    /// The line of the command at `index`.
    package func line(at index: Int) -> UInt64 {
        precondition(0..<count ~= index, "the line of a command that is not there is asked for")
        // The last run that begins at or before the command.
        var low = 0
        var high = runs.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if runs[middle].firstIndex <= index { low = middle } else { high = middle }
        }
        return runs[low].firstLine + UInt64(index - runs[low].firstIndex)
    }
}
