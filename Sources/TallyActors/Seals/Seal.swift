internal import Crypto
import Persistence

/// The result of a closed phase, for good: bytes that nothing alters any more, and their digest.
public final class Seal: Sendable {
    /// The journal's time of the record that closed the phase.
    public let at: Instant
    /// RFC 8785 JSON of consultation, phase, kind, voters, and the counts of every proposal, sorted
    /// by the bytes of its id.
    public let bytes: [UInt8]
    /// The SHA-256 digest of the bytes: `sha256:` and 64 hexadecimal digits.
    public let digest: String

    package init(at: Instant, bytes: [UInt8]) {
        self.at = at
        self.bytes = bytes
        let digits = SHA256.hash(data: bytes).map { HexDigits.of(UInt64($0), count: 2) }
        digest = "sha256:" + digits.joined()
    }

    /// - Parameter counts: of the phase, as they are at the position that closes it.
    convenience init(of phase: PhaseEntry, counts: PhaseCut, at instant: Instant) {
        let options = phase.definition.ballot.options
        let proposals = zip(phase.definition.proposals, phase.proposalNumbers)
            .sorted { $0.0.id < $1.0.id }
            .map { proposal, number in
                let counts = counts.counts(of: number)
                let members = options.enumerated().map { index, option in
                    (name: option.bytes, value: CanonicalJSON.integer(UInt64(counts[index])))
                }
                return CanonicalJSON.object([
                    (name: Array("id".utf8), value: .string(proposal.id.bytes)),
                    (name: Array("counts".utf8), value: .object(members)),
                ])
            }
        let whole = CanonicalJSON.object([
            (name: Array("consultation".utf8), value: .string(phase.consultation.bytes)),
            (name: Array("phase".utf8), value: .string(phase.id.bytes)),
            (name: Array("kind".utf8), value: .string(Array(phase.kind.name.utf8))),
            (name: Array("voters".utf8), value: .integer(UInt64(counts.voters))),
            (name: Array("proposals".utf8), value: .array(proposals)),
        ])
        self.init(at: instant, bytes: whole.bytes)
    }
}

/// The seal of a phase whose consultation was removed.
public struct RemovedSeal: Sendable {
    public let consultation: Identifier
    public let phase: Identifier
    public let seal: Seal
}

extension Catalogue {
    /// The seal of a closed phase; of one that was removed, and of several that had the same name
    /// the newest. nil when there is none.
    public func seal(of phase: Identifier, in consultation: Identifier) -> Seal? {
        seals(of: phase, in: consultation).first
    }

    /// The seal with exactly this digest that a phase of this name has, or had before it was
    /// removed.
    public func seal(
        of phase: Identifier, in consultation: Identifier, digest: String
    ) -> Seal? {
        seals(of: phase, in: consultation).first { $0.digest == digest }
    }

    /// Newest first.
    private func seals(of phase: Identifier, in consultation: Identifier) -> [Seal] {
        let present = self.consultation(named: consultation)?.phase(named: phase)?.seal
        let removed = removedSeals.filter { $0.consultation == consultation && $0.phase == phase }
        return [present].compactMap { $0 } + removed.reversed().map(\.seal)
    }
}
