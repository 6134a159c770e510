/// The usual shape of a ballot's votes: `[{"proposal":"p","rank":1},…]`, the keys of a vote in any
/// order, spaces between the tokens.
enum UsualBallot {
    /// - Parameter start: where the array begins.
    /// - Returns: the place behind the array; nil for any other shape, and for too many votes.
    @inline(never)
    static func read(
        _ start: UnsafeRawPointer, into draft: inout BallotDraft
    ) -> UnsafeRawPointer? {
        draft.clear()
        var cursor = UsualCursor(place: start)
        guard cursor.takeSpaced(UInt8(ascii: "[")) else { return nil }
        if cursor.take(UInt8(ascii: "]")) { return cursor.place }
        repeat {
            guard !draft.isFull, let entry = readEntry(&cursor) else { return nil }
            draft.append(entry)
        } while cursor.takeSpaced(UInt8(ascii: ","))
        return cursor.take(UInt8(ascii: "]")) ? cursor.place : nil
    }

    @inline(__always)
    private static func readEntry(_ cursor: inout UsualCursor) -> BallotDraft.Entry? {
        var entry = BallotDraft.Entry()
        guard cursor.takeSpaced(UInt8(ascii: "{")) else { return nil }
        repeat {
            guard cursor.take(UInt8(ascii: "\"")), readMember(&cursor, into: &entry) else {
                return nil
            }
        } while cursor.takeSpaced(UInt8(ascii: ","))
        guard cursor.take(UInt8(ascii: "}")), entry.seen.contains(.proposal) else { return nil }
        return entry
    }

    /// Reads a key behind its opening quote, and its value.
    @inline(__always)
    private static func readMember(
        _ cursor: inout UsualCursor, into entry: inout BallotDraft.Entry
    ) -> Bool {
        let word = cursor.word()
        if word == KeyWord.proposal { return cursor.takeProposal(&entry.seen, &entry.proposal) }
        if word & KeyWord.first5 == KeyWord.rank {
            return cursor.takeNumber(.rank, length: 4, &entry.seen, &entry.carried)
        }
        if word & KeyWord.first7 == KeyWord.points {
            return cursor.takeNumber(.points, length: 6, &entry.seen, &entry.carried)
        }
        if word & KeyWord.first7 == KeyWord.choice {
            return cursor.takeChoice(&entry.seen, &entry.carried)
        }
        return false
    }
}
