package import TallyActors

/// The body of `PUT …/proposals/{p}/votes/{account}`: `{"choice":"agree"}`, or `{}` where the
/// kind carries nothing.
package enum UnaryVote {
    /// What a body came to.
    package enum Reading: Equatable, Sendable {
        /// What the vote carries: a choice's permanent number, or 0 where the kind carries nothing.
        case value(UInt32)
        case refused(Refusal)
    }

    /// What the path of the request stands for.
    package enum Place: Sendable {
        case phase(PhaseEntry)
        /// Something in it is unknown.
        case unknown(Refusal)
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
        var choice = UnsafeRawBufferPointer(start: nil, count: 0)
        try reader.beginObject()
        while let name = try reader.nextKey() {
            guard let key = key(named: name), seen.isDisjoint(with: key) else {
                return .refused(.malformed)
            }
            seen.formUnion(key)
            if key == .choice {
                choice = try reader.readString()
            } else {
                _ = try reader.readInteger()
            }
        }
        switch place {
        case .unknown(let refusal): return .refused(refusal)
        case .phase(let phase): return value(of: seen, choice, in: phase)
        }
    }

    private static func value(
        of seen: VoteFields.Keys, _ choice: UnsafeRawBufferPointer, in phase: PhaseEntry
    ) -> Reading {
        switch phase.kind {
        case .support:
            return seen.isEmpty ? .value(0) : .refused(.invalidVote)
        case .choice:
            guard seen == .choice, let number = phase.choice(named: choice) else {
                return .refused(.invalidVote)
            }
            return .value(number)
        }
    }

    private static func key(named name: UnsafeRawBufferPointer) -> VoteFields.Keys? {
        if name.equals("choice") { return .choice }
        if name.equals("rank") { return .rank }
        if name.equals("points") { return .points }
        return nil
    }
}
