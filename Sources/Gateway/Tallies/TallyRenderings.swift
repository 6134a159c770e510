package import NIOCore
import Synchronization
package import TallyActors

/// Tallies as JSON, encoded once for all who ask, on all event loops.
///
/// The encoding of each run of 64 proposals is kept until one of them changes; a whole answer is
/// kept as long as the cut is the newest.
package final class TallyRenderings: Sendable {
    /// A phase as it is shown to those who see what it withholds, or to those who do not.
    fileprivate struct PhaseLook: Hashable {
        var phase: PhaseNumber
        var isWithheld: Bool
    }

    fileprivate struct State {
        var phases: [PhaseLook: PhaseRendering] = [:]
        /// Answers at the cut with this position, the newest that was asked for; at most
        /// `answerLimit`.
        var answers: [TallyView: TallyAnswer] = [:]
        var sequence: UInt64 = 0
        /// That of the newest answer.
        var catalogue = Catalogue.empty
    }

    /// The most whole answers kept; more are encoded each time they are asked for.
    static let answerLimit = 4096

    private let key: SipHash128
    private let state = Mutex(State())

    package init(key: SipHash128) {
        self.key = key
    }

    /// What answers for a scope at a cut, with its body if it was encoded before.
    package func answer(
        for view: TallyView, in cut: Cut
    ) -> Result<TallyAnswer, Refusal> {
        let kept = state.withLock { $0.sequence == cut.sequence ? $0.answers[view] : nil }
        if let kept, kept.cut === cut { return .success(kept) }
        return TallySubject.find(view.scope, in: cut).map { subject in
            let answer = TallyAnswer(
                view: view, cut: cut, subject: subject, tag: tag(of: subject, in: cut, view))
            state.withLock { $0.keep(answer) }
            return answer
        }
    }

    /// Encodes the body of an answer.
    package func body(of answer: TallyAnswer) -> ByteBuffer {
        state.withLock { state in
            if let body = state.answers[answer.view]?.body, state.sequence == answer.cut.sequence {
                return body
            }
            var body = ByteBufferAllocator().buffer(capacity: 4096)
            state.write(answer.subject, in: answer.cut, answer.view, to: &body)
            var encoded = answer
            encoded.body = body
            state.keep(encoded)
            return body
        }
    }

    /// A keyed hash over what the resource's own numbers and states are, as far as they may be told.
    private func tag(of subject: TallySubject, in cut: Cut, _ view: TallyView) -> String {
        var words: [UInt64] = []
        switch subject {
        case .consultation(let consultation):
            words.append(1)
            for phase in consultation.phases { Self.describe(phase, in: cut, view, &words) }
        case .phase(let phase):
            words.append(2)
            Self.describe(phase, in: cut, view, &words)
        case .proposal(let phase, let index):
            words.append(3)
            let number = phase.proposalNumbers[index]
            words.append(UInt64(phase.number) << 32 | UInt64(number))
            words.append(phase.optionIdentity)
            words.append(view.withholds(phase) ? 1 : 0)
            if view.withholds(phase) { break }
            let counts = cut.phase(phase.number).counts(of: number)
            for option in 0..<phase.optionCount {
                words.append(UInt64(bitPattern: counts[option]))
            }
        }
        let hash = words.withUnsafeBytes { key.key(of: $0) }
        return "W/\"\(hash.low.hexadecimal)\(hash.high.hexadecimal)\""
    }

    private static func describe(
        _ phase: PhaseEntry, in cut: Cut, _ view: TallyView, _ words: inout [UInt64]
    ) {
        words.append(UInt64(phase.number) << 8 | UInt64(phase.state.rawValue))
        // Which proposals there are, in which order, and what the counts are called.
        words.append(phase.identity)
        words.append(view.withholds(phase) ? 1 : 0)
        // A tag that moved with the counts would tell of each vote.
        if view.withholds(phase) { return }
        words.append(cut.phase(phase.number).fingerprint)
        words.append(UInt64(bitPattern: cut.phase(phase.number).voters))
    }
}

extension TallyRenderings.State {
    fileprivate mutating func keep(_ answer: TallyAnswer) {
        if sequence < answer.cut.sequence {
            answers.removeAll(keepingCapacity: true)
            sequence = answer.cut.sequence
            forgetPhases(notIn: answer.cut.catalogue)
        }
        let hasRoom = answers.count < TallyRenderings.answerLimit || answers[answer.view] != nil
        if sequence == answer.cut.sequence, hasRoom { answers[answer.view] = answer }
    }

    /// Of what was removed, nothing is kept.
    private mutating func forgetPhases(notIn newest: Catalogue) {
        if newest === catalogue { return }
        catalogue = newest
        phases = phases.filter { newest.phase($0.key.phase) != nil }
    }

    /// Writes the object of a consultation, a phase or a proposal, with the position of the cut.
    fileprivate mutating func write(
        _ subject: TallySubject, in cut: Cut, _ view: TallyView, to body: inout ByteBuffer
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
                write(phase, in: cut, view, to: &body)
                body.writeStaticString("}")
            }
            body.writeStaticString("]}")
        case .phase(let phase):
            body.writeStaticString("{")
            write(phase, in: cut, view, to: &body)
            body.writePosition(of: cut)
            body.writeStaticString("}")
        case .proposal(let phase, let index):
            body.writeStaticString("{")
            PhaseRendering.write(
                index, of: phase, cut.phase(phase.number), phase.definition.ballot.options,
                isWithheld: view.withholds(phase), to: &body)
            if view.withholds(phase) { body.writeStaticString(",\"withheld\":true") }
            body.writePosition(of: cut)
            body.writeStaticString("}")
        }
    }

    /// Writes the fields of a phase.
    private mutating func write(
        _ phase: PhaseEntry, in cut: Cut, _ view: TallyView, to body: inout ByteBuffer
    ) {
        let isWithheld = view.withholds(phase)
        let counts = cut.phase(phase.number)
        body.writeStaticString("\"id\":")
        body.writeJSONString(phase.id)
        body.writeStaticString(",\"state\":\"")
        body.writeString(phase.state.name)
        if isWithheld {
            body.writeStaticString("\",\"withheld\":true")
        } else {
            body.writeStaticString("\",\"voters\":")
            body.writeDecimal(UInt64(counts.voters))
        }
        if let seal = phase.seal {
            body.writeStaticString(",\"sealed\":{\"at\":\"")
            body.writeInstant(seal.at)
            body.writeStaticString("\",\"digest\":\"")
            body.writeString(seal.digest)
            body.writeStaticString("\"}")
        }
        body.writeStaticString(",\"proposals\":[")
        let look = TallyRenderings.PhaseLook(phase: phase.number, isWithheld: isWithheld)
        phases[look, default: PhaseRendering()].write(
            phase, counts, isWithheld: isWithheld, to: &body)
        body.writeStaticString("]")
    }
}

extension ByteBuffer {
    fileprivate mutating func writePosition(of cut: Cut) {
        writeStaticString(",\"sequence\":")
        writeDecimal(cut.sequence)
        writeStaticString(",\"as_of\":\"")
        writeInstant(cut.asOf)
        writeStaticString("\"")
    }
}
