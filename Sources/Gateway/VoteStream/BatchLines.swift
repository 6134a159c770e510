package import TallyActors

/// A batch being filled from a stream of lines, with what is to be answered about them.
package struct BatchLines: LineSink {
    package let batch: CommandBatch
    /// The lines of the batch's commands.
    package private(set) var lines = LineRuns()
    /// The lines that were refused while decoding, in their order.
    package private(set) var refusals: [RefusedLine] = []

    package init(batch: CommandBatch) {
        self.batch = batch
    }

    @inline(__always)
    package mutating func accept(_ command: Command, line: UInt64) {
        batch.append(command)
        lines.append(line: line)
    }

    package mutating func accept(
        ballot votes: [Command], of account: AccountKey, in phase: PhaseNumber, line: UInt64
    ) {
        votes.withUnsafeBufferPointer {
            batch.appendBallot(of: account, phase: phase, votes: $0)
        }
        lines.append(line: line)
    }

    package mutating func refuse(line: UInt64, with refusal: Refusal) {
        refusals.append(RefusedLine(line: line, refusal: refusal))
    }
}

/// A line that never became a command.
package struct RefusedLine: Sendable, Equatable {
    package var line: UInt64
    package var refusal: Refusal

    package init(line: UInt64, refusal: Refusal) {
        self.line = line
        self.refusal = refusal
    }
}
