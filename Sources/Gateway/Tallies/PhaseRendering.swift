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

    /// What the encoding depends on, beside the counts.
    private struct Look: Equatable {
        var identity: UInt64
        var isWithheld: Bool
    }

    private var look: Look?
    private var runs: [Run] = []

    /// Writes the proposals in the order of the definition, separated by commas.
    mutating func write(
        _ phase: PhaseEntry, _ counts: PhaseCut, isWithheld: Bool, to body: inout ByteBuffer
    ) {
        let proposals = phase.definition.proposals
        let newLook = Look(identity: phase.identity, isWithheld: isWithheld)
        if look != newLook {
            look = newLook
            let count = (proposals.count + Self.runLength - 1) / Self.runLength
            runs = Array(repeating: Run(), count: count)
        }
        let options = phase.definition.ballot.options
        for index in runs.indices {
            let range =
                index * Self.runLength..<min((index + 1) * Self.runLength, proposals.count)
            // What is withheld is not looked at: nothing here may depend on it.
            let changedAt =
                newLook.isWithheld
                ? 0
                : range.reduce(0) { newest, proposal in
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
                        proposal, of: phase, counts, options, isWithheld: isWithheld,
                        to: &runs[index].bytes)
                    runs[index].bytes.writeStaticString("}")
                }
            }
            body.writeImmutableBuffer(runs[index].bytes)
        }
    }

    /// Writes the fields of one proposal: its id alone where counts are withheld.
    ///
    /// - Parameters:
    ///   - index: into the phase's definition.
    ///   - options: those of the phase's ballot, which it makes anew each time it is asked.
    static func write(
        _ index: Int, of phase: PhaseEntry, _ counts: PhaseCut, _ options: [Identifier],
        isWithheld: Bool, to body: inout ByteBuffer
    ) {
        body.writeStaticString("\"id\":")
        body.writeJSONString(phase.definition.proposals[index].id)
        if isWithheld { return }
        let proposal = counts.counts(of: phase.proposalNumbers[index])
        body.writeStaticString(",\"counts\":{")
        for (option, name) in options.enumerated() {
            if option > 0 { body.writeStaticString(",") }
            body.writeJSONString(name)
            body.writeStaticString(":")
            body.writeDecimal(UInt64(proposal[option]))
        }
        body.writeStaticString("}")
    }
}
