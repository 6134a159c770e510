package import TallyActors

/// The body of `PUT …/proposals/{p}/votes/{account}`: `{"choice":"agree"}`, `{"rank":1}`,
/// `{"points":3}`, or `{}` where the kind carries nothing.
package enum UnaryVote {
    /// What a body came to.
    package enum Reading: Equatable, Sendable {
        /// What the vote carries: a choice's permanent number, a rank, points, or 0 where the kind
        /// carries nothing.
        case value(UInt32)
        case refused(Refusal)
    }

    /// What the path of the request stands for.
    package enum Place: Sendable {
        case phase(PhaseEntry)
        /// Something in it is unknown.
        case unknown(Refusal)

        init(_ found: Result<PhaseEntry, Refusal>) {
            switch found {
            case .success(let phase): self = .phase(phase)
            case .failure(let refusal): self = .unknown(refusal)
            }
        }
    }

    /// Reads a body. A malformed one is reported before an unknown place, and that before a vote
    /// that the place does not take.
    package static func read(_ body: UnsafeRawBufferPointer, at place: Place) -> Reading {
        do throws(JSONFault) {
            return try JSONReader.read(body) { reader throws(JSONFault) in
                try judge(&reader, at: place)
            }
        } catch {
            return .refused(.malformed)
        }
    }

    private static func judge(
        _ reader: inout JSONReader, at place: Place
    ) throws(JSONFault) -> Reading {
        var seen: VoteFields.Keys = []
        var carried = CarriedFields()
        try reader.beginObject()
        while let name = try reader.nextKey() {
            guard let key = VoteFields.Keys(named: name), VoteFields.Keys.content.contains(key)
            else { throw reader.fault(.unknownKey) }
            guard seen.note(key) else { throw reader.fault(.repeatedKey) }
            try carried.read(key, &reader)
        }
        switch place {
        case .unknown(let refusal): return .refused(refusal)
        case .phase(let phase):
            let value = phase.value(of: carried, seen, as: phase.kind.content)
            return value.map { .value($0) } ?? .refused(.invalidVote)
        }
    }
}
