/// The usual shape of a line of the vote stream, keys in any order.
enum UsualVoteLine {
    /// - Parameters:
    ///   - kept: whose kept names are compared with before a name is scanned.
    ///   - likelyAccountLength: bytes that the account probably has.
    /// - Returns: the place behind the line's newline; nil for any other shape.
    @inline(__always)
    static func read(
        _ start: UnsafeRawPointer, kept: borrowing PhaseFinder, likelyAccountLength: Int,
        into fields: inout VoteFields
    ) -> UnsafeRawPointer? {
        var cursor = UsualCursor(place: start)
        if kept.beginning.stands(at: cursor) {
            fields.seen = phaseKeys
            fields.kept = phaseKeys
            cursor.place += kept.beginning.count
        } else if !cursor.take(UInt8(ascii: "{")) {
            return nil
        }
        while true {
            cursor.skipSpaces()
            guard cursor.take(UInt8(ascii: "\"")),
                readMember(&cursor, kept, likelyAccountLength, into: &fields)
            else { return nil }
            cursor.skipSpaces()
            guard cursor.take(UInt8(ascii: ",")) else { break }
            if fields.seen == phaseKeys, fields.kept == phaseKeys {
                fields.beginningLength = cursor.place - start
            }
        }
        return cursor.takeEnd() ? cursor.place : nil
    }

    private static let phaseKeys: VoteFields.Keys = [.consultation, .phase]

    // The keys as words, the first letter lowest, up to and with the closing quote where a word
    // has room for it.
    private static let account: UInt64 = 0x2274_6E75_6F63_6361
    private static let choice: UInt64 = 0x0022_6563_696F_6863
    private static let phase: UInt64 = 0x0000_2265_7361_6870
    private static let proposal: UInt64 = 0x6C61_736F_706F_7270
    private static let withdraw: UInt64 = 0x7761_7264_6874_6977
    private static let consulta: UInt64 = 0x6174_6C75_736E_6F63
    private static let tion: UInt64 = 0x0000_0022_6E6F_6974
    /// `true`
    private static let truth: UInt32 = 0x6575_7274

    /// Reads a key behind its opening quote, and its value.
    @inline(__always)
    private static func readMember(
        _ cursor: inout UsualCursor, _ kept: borrowing PhaseFinder, _ likelyAccountLength: Int,
        into fields: inout VoteFields
    ) -> Bool {
        let word = cursor.word()
        if word == proposal {
            guard enter(&cursor, key: .proposal, length: 8, &fields),
                let value = cursor.takePlainIdentifier()
            else { return false }
            fields.proposal = value
        } else if word == account {
            guard enter(&cursor, key: .account, length: 7, &fields),
                let value = cursor.takePlainIdentifier(
                    likelyLength: likelyAccountLength)
            else { return false }
            fields.account = value
        } else if word & 0x00FF_FFFF_FFFF_FFFF == choice {
            guard enter(&cursor, key: .choice, length: 6, &fields),
                let value = cursor.takePlainString()
            else { return false }
            fields.choice = value
        } else if word & 0x0000_FFFF_FFFF_FFFF == phase {
            guard enter(&cursor, key: .phase, length: 5, &fields),
                let value = takeName(&cursor, .phase, kept: kept.phaseName, &fields)
            else { return false }
            fields.phase = value
        } else if word == consulta {
            guard cursor.word(at: 8) & 0x0000_00FF_FFFF_FFFF == tion,
                enter(&cursor, key: .consultation, length: 12, &fields),
                let value = takeName(&cursor, .consultation, kept: kept.consultationName, &fields)
            else { return false }
            fields.consultation = value
        } else if word == withdraw {
            guard enter(&cursor, key: .withdraw, length: 8, &fields),
                UInt32(truncatingIfNeeded: cursor.word()) == truth
            else { return false }
            cursor.place += 4
        } else {
            return false
        }
        return true
    }

    /// Goes from a key's first letter to its value; false when the key came before.
    @inline(__always)
    private static func enter(
        _ cursor: inout UsualCursor, key: VoteFields.Keys, length: Int, _ fields: inout VoteFields
    ) -> Bool {
        cursor.place += length
        return cursor.take(UInt8(ascii: "\"")) && cursor.takeSpaced(UInt8(ascii: ":"))
            && fields.note(key)
    }

    /// Takes the name of a consultation or a phase.
    @inline(__always)
    private static func takeName(
        _ cursor: inout UsualCursor, _ key: VoteFields.Keys, kept: borrowing KeptName,
        _ fields: inout VoteFields
    ) -> UnsafeRawBufferPointer? {
        let start = cursor.place + 1
        guard cursor.byte == UInt8(ascii: "\""), kept.stands(at: UsualCursor(place: start)) else {
            return cursor.takePlainIdentifier()
        }
        fields.kept.formUnion(key)
        cursor.place = start + kept.count + 1
        return UnsafeRawBufferPointer(start: start, count: kept.count)
    }
}
