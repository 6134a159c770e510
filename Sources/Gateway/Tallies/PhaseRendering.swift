import NIOCore
import TallyActors

/// The encoded proposals of one phase, kept in runs so that only what changed is encoded again.
struct PhaseRendering: Sendable {
    /// Proposals of a run.
    private static let runLength = 64

    private struct Run {
        /// The newest change that the bytes include; nil before the first encoding.
        var changedAt: UInt64?
        var bytes = ByteBuffer()
    }

    private var identity: UInt64?
    private var runs: [Run] = []

    /// Writes the proposals in the order of the definition, separated by commas.
    mutating func write(_ phase: PhaseEntry, _ counts: PhaseCut, to body: inout ByteBuffer) {
        let proposals = phase.definition.proposals
        if identity != phase.identity {
            identity = phase.identity
            let count = (proposals.count + Self.runLength - 1) / Self.runLength
            runs = Array(repeating: Run(), count: count)
        }
        for index in runs.indices {
            let range =
                index * Self.runLength..<min((index + 1) * Self.runLength, proposals.count)
            let changedAt = range.reduce(0) { newest, proposal in
                max(newest, counts.counts(of: phase.proposalNumbers[proposal]).changedAt)
            }
            // A reader may hold an older cut than the one that was encoded last: not equal, then.
            if runs[index].changedAt != changedAt {
                runs[index].changedAt = changedAt
                runs[index].bytes.clear()
                for proposal in range {
                    if proposal > 0 { runs[index].bytes.writeStaticString(",") }
                    runs[index].bytes.writeStaticString("{")
                    Self.write(
                        proposals[proposal].id, phase.proposalNumbers[proposal], of: phase, counts,
                        to: &runs[index].bytes)
                    runs[index].bytes.writeStaticString("}")
                }
            }
            body.writeImmutableBuffer(runs[index].bytes)
        }
    }

    /// Writes the fields of one proposal.
    static func write(
        _ id: Identifier, _ number: ProposalNumber, of phase: PhaseEntry, _ counts: PhaseCut,
        to body: inout ByteBuffer
    ) {
        let proposal = counts.counts(of: number)
        body.writeStaticString("\"id\":")
        body.writeJSONString(id)
        body.writeStaticString(",\"counts\":{")
        switch phase.kind {
        case .support:
            body.writeStaticString("\"support\":")
            body.writeDecimal(UInt64(proposal[0]))
        case .choice:
            for (option, choice) in phase.definition.ballot.choices.enumerated() {
                if option > 0 { body.writeStaticString(",") }
                body.writeJSONString(choice)
                body.writeStaticString(":")
                body.writeDecimal(UInt64(proposal[option]))
            }
        }
        body.writeStaticString("}")
    }
}
