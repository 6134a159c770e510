import TallyActors

/// What a vote says that it carries, before its phase says what it should.
struct CarriedFields {
    /// Any string: which ones may be chosen is the phase's to say.
    var choice = UnsafeRawBufferPointer(start: nil, count: 0)
    /// A rank, or points; 0 for an integer that is neither anywhere.
    var number: UInt32 = 0

    /// Reads the value of one of these keys.
    mutating func read(
        _ key: VoteFields.Keys, _ reader: inout JSONReader
    ) throws(JSONFault) {
        if key == .choice {
            choice = try reader.readString()
        } else {
            number = UInt32(exactly: try reader.readInteger()) ?? 0
        }
    }

    /// A rank or points that some phase takes; nil for any other. The limits of the phase are
    /// judged where the vote takes effect.
    @inline(__always)
    fileprivate var limitedNumber: UInt32? {
        1...BallotRule.maximumLimit ~= number ? number : nil
    }
}

extension PhaseEntry {
    /// The value of a vote; nil for one that carries something else than votes of the phase do.
    ///
    /// - Parameters:
    ///   - keys: those that the vote had.
    ///   - content: what votes of the phase carry.
    @inline(__always)
    func value(
        of carried: CarriedFields, _ keys: VoteFields.Keys, as content: VoteContent
    ) -> UInt32? {
        let keys = keys.intersection(.carried)
        return switch content {
        case .nothing: keys.isEmpty ? 0 : nil
        case .choice: keys == .choice ? choice(named: carried.choice) : nil
        case .rank: keys == .rank ? carried.limitedNumber : nil
        case .points: keys == .points ? carried.limitedNumber : nil
        }
    }
}
