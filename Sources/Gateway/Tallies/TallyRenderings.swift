import NIOCore
import Synchronization
import TallyActors

/// Tallies as JSON, encoded once for all who ask, on all event loops.
///
/// The encoding of each run of 64 proposals is kept until one of them changes; a whole answer is
/// kept as long as the cut is the newest.
final class TallyRenderings: Sendable {
    /// An encoded tally: the body comes only when it is asked for.
    struct Rendering {
        /// Weak: it depends on the numbers and states alone, not on the position.
        var tag: String
        var body: () -> ByteBuffer
    }

    fileprivate struct Answer {
        var tag: String
        var catalogue: Catalogue
        var sequence: UInt64
        var body: ByteBuffer?
    }

    fileprivate struct State {
        var phases: [PhaseNumber: PhaseRendering] = [:]
        /// Whole answers at the newest cut; at most `answerLimit`.
        var answers: [TallyScope: Answer] = [:]
        var sequence: UInt64 = 0
    }

    /// The most whole answers kept; more are encoded each time they are asked for.
    static let answerLimit = 4096

    private let key: SipHash128
    private let state = Mutex(State())

    init(key: SipHash128) {
        self.key = key
    }

    func rendering(of scope: TallyScope, in cut: Cut) -> Result<Rendering, Refusal> {
        let found = state.withLock { state -> Answer? in
            guard let answer = state.answers[scope], answer.sequence == cut.sequence else {
                return nil
            }
            return answer
        }
        if let found {
            return .success(Rendering(tag: found.tag) { found.body ?? ByteBuffer() })
        }
        return TallySubject.find(scope, in: cut).map { subject in
            let tag = self.tag(of: subject, in: cut)
            return Rendering(tag: tag) { self.body(of: scope, subject, in: cut, tag: tag) }
        }
    }

    private func body(
        of scope: TallyScope, _ subject: TallySubject, in cut: Cut, tag: String
    ) -> ByteBuffer {
        state.withLock { state in
            var body = ByteBufferAllocator().buffer(capacity: 4096)
            state.write(subject, in: cut, to: &body)
            if state.sequence < cut.sequence {
                state.answers.removeAll(keepingCapacity: true)
                state.sequence = cut.sequence
            }
            if state.sequence == cut.sequence, state.answers.count < Self.answerLimit {
                state.answers[scope] = Answer(
                    tag: tag, catalogue: cut.catalogue, sequence: cut.sequence, body: body)
            }
            return body
        }
    }

    /// A keyed hash over what the resource's own numbers and states are.
    private func tag(of subject: TallySubject, in cut: Cut) -> String {
        var words: [UInt64] = []
        switch subject {
        case .consultation(let consultation):
            words.append(1)
            for phase in consultation.phases { Self.describe(phase, in: cut, &words) }
        case .phase(let phase):
            words.append(2)
            Self.describe(phase, in: cut, &words)
        case .proposal(let phase, let index):
            words.append(3)
            let number = phase.proposalNumbers[index]
            let counts = cut.phase(phase.number).counts(of: number)
            words.append(UInt64(phase.number) << 32 | UInt64(number))
            for option in 0..<phase.optionCount {
                words.append(UInt64(bitPattern: counts[option]))
            }
        }
        let hash = words.withUnsafeBytes { key.key(of: $0) }
        return "W/\"\(Self.hexadecimal(hash.low))\(Self.hexadecimal(hash.high))\""
    }

    private static func describe(_ phase: PhaseEntry, in cut: Cut, _ words: inout [UInt64]) {
        words.append(UInt64(phase.number) << 8 | UInt64(phase.state.rawValue))
        // Which proposals there are, in which order, and what the counts are called.
        words.append(UInt64(phase.identity))
        words.append(cut.phase(phase.number).fingerprint)
        words.append(UInt64(bitPattern: cut.phase(phase.number).voters))
    }

    private static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension TallyRenderings.State {
    /// Writes the object of a consultation, a phase or a proposal, with the position of the cut.
    fileprivate mutating func write(
        _ subject: TallySubject, in cut: Cut, to body: inout ByteBuffer
    ) {
        switch subject {
        case .consultation(let consultation):
            body.writeStaticString("{\"consultation\":")
            body.writeJSONString(consultation.id)
            body.writePosition(of: cut)
            body.writeStaticString(",\"phases\":[")
            for (index, phase) in consultation.phases.enumerated() {
                if index > 0 { body.writeStaticString(",") }
                body.writeStaticString("{")
                write(phase, in: cut, to: &body)
                body.writeStaticString("}")
            }
            body.writeStaticString("]}")
        case .phase(let phase):
            body.writeStaticString("{")
            write(phase, in: cut, to: &body)
            body.writePosition(of: cut)
            body.writeStaticString("}")
        case .proposal(let phase, let index):
            body.writeStaticString("{")
            PhaseRendering.write(
                phase.definition.proposals[index].id, phase.proposalNumbers[index], of: phase,
                cut.phase(phase.number), to: &body)
            body.writePosition(of: cut)
            body.writeStaticString("}")
        }
    }

    /// Writes the fields of a phase.
    private mutating func write(_ phase: PhaseEntry, in cut: Cut, to body: inout ByteBuffer) {
        let counts = cut.phase(phase.number)
        body.writeStaticString("\"id\":")
        body.writeJSONString(phase.id)
        body.writeStaticString(",\"state\":\"")
        body.writeString("\(phase.state)")
        body.writeStaticString("\",\"voters\":")
        body.writeDecimal(UInt64(counts.voters))
        body.writeStaticString(",\"proposals\":[")
        phases[phase.number, default: PhaseRendering()].write(phase, counts, to: &body)
        body.writeStaticString("]")
    }
}

extension ByteBuffer {
    fileprivate mutating func writePosition(of cut: Cut) {
        writeStaticString(",\"sequence\":")
        writeDecimal(cut.sequence)
        writeStaticString(",\"as_of\":\"")
        let instant = RFC3339.bytes(of: cut.asOf)
        for index in 0..<RFC3339.length { writeInteger(instant[index]) }
        writeStaticString("\"")
    }
}
