/// The usual shape of a line of the vote stream, keys in any order.
enum UsualVoteLine {
    /// - Parameters:
    ///   - kept: whose kept names are compared with before a name is scanned.
    ///   - likelyAccountLength: bytes that the account probably has.
    ///   - ballot: takes the votes of a whole ballot.
    /// - Returns: the place behind the line's newline; nil for any other shape.
    @inline(__always)
    static func read(
        _ start: UnsafeRawPointer, kept: borrowing PhaseFinder, likelyAccountLength: Int,
        into fields: inout VoteFields, _ ballot: inout BallotDraft
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
                readMember(&cursor, kept, likelyAccountLength, into: &fields, &ballot)
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

    /// `true`
    private static let truth: UInt32 = 0x6575_7274

    /// Reads a key behind its opening quote, and its value.
    @inline(__always)
    private static func readMember(
        _ cursor: inout UsualCursor, _ kept: borrowing PhaseFinder, _ likelyAccountLength: Int,
        into fields: inout VoteFields, _ ballot: inout BallotDraft
    ) -> Bool {
        let word = cursor.word()
        if word == KeyWord.proposal {
            return cursor.takeProposal(&fields.seen, &fields.proposal)
        } else if word == KeyWord.account {
            guard cursor.enter(.account, length: 7, &fields.seen),
                let value = cursor.takePlainIdentifier(likelyLength: likelyAccountLength)
            else { return false }
            fields.account = value
        } else if word & KeyWord.first7 == KeyWord.choice {
            return cursor.takeChoice(&fields.seen, &fields.carried)
        } else if word & KeyWord.first5 == KeyWord.rank {
            return cursor.takeNumber(.rank, length: 4, &fields.seen, &fields.carried)
        } else if word & KeyWord.first7 == KeyWord.points {
            return cursor.takeNumber(.points, length: 6, &fields.seen, &fields.carried)
        } else if word & KeyWord.first6 == KeyWord.phase {
            guard cursor.enter(.phase, length: 5, &fields.seen),
                let value = takeName(&cursor, .phase, kept: kept.phaseName, &fields)
            else { return false }
            fields.phase = value
        } else if word == KeyWord.consulta {
            guard cursor.word(at: 8) & KeyWord.first5 == KeyWord.tion,
                cursor.enter(.consultation, length: 12, &fields.seen),
                let value = takeName(&cursor, .consultation, kept: kept.consultationName, &fields)
            else { return false }
            fields.consultation = value
        } else if word & KeyWord.first6 == KeyWord.votes {
            // Goes by value, so that the cursor itself may stay in registers.
            guard cursor.enter(.votes, length: 5, &fields.seen),
                let end = UsualBallot.read(cursor.place, into: &ballot)
            else { return false }
            cursor.place = end
        } else if word == KeyWord.withdraw {
            guard cursor.enter(.withdraw, length: 8, &fields.seen),
                UInt32(truncatingIfNeeded: cursor.word()) == truth
            else { return false }
            cursor.place += 4
        } else {
            return false
        }
        return true
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
