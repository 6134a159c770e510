// The members of a vote, in a line of its own and in a whole ballot.

extension UsualCursor {
    /// Goes from a key's first letter to its value; false when the key came before.
    @inline(__always)
    mutating func enter(
        _ key: VoteFields.Keys, length: Int, _ seen: inout VoteFields.Keys
    ) -> Bool {
        place += length
        return take(UInt8(ascii: "\"")) && takeSpaced(UInt8(ascii: ":")) && seen.note(key)
    }

    @inline(__always)
    mutating func takeProposal(
        _ seen: inout VoteFields.Keys, _ name: inout UnsafeRawBufferPointer
    ) -> Bool {
        guard enter(.proposal, length: 8, &seen), let value = takePlainIdentifier() else {
            return false
        }
        name = value
        return true
    }

    @inline(__always)
    mutating func takeChoice(
        _ seen: inout VoteFields.Keys, _ carried: inout CarriedFields
    ) -> Bool {
        guard enter(.choice, length: 6, &seen), let value = takePlainString() else {
            return false
        }
        carried.choice = value
        return true
    }

    /// Takes a rank or points.
    @inline(__always)
    mutating func takeNumber(
        _ key: VoteFields.Keys, length: Int, _ seen: inout VoteFields.Keys,
        _ carried: inout CarriedFields
    ) -> Bool {
        guard enter(key, length: length, &seen), let value = takeShortInteger() else {
            return false
        }
        carried.number = value
        return true
    }
}
