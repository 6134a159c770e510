package import TallyActors

/// The lines of the stream of deletions: `{"account":"a"}`.
package struct DeletionLineGrammar: LineGrammar {
    private let accountHash: SipHash128
    /// Where unescaped strings go; as long as the longest line that needed it.
    private var scratch: [UInt8] = []

    init(accountHash: SipHash128) {
        self.accountHash = accountHash
    }

    /// A deletion is no ballot.
    package var ballotVotes: [Command] { [] }

    package mutating func readUsual(
        _ start: UnsafeRawPointer, into reading: inout LineReading
    ) -> UnsafeRawPointer? {
        var cursor = UsualCursor(place: start)
        guard cursor.takeSpaced(UInt8(ascii: "{")), cursor.take(UInt8(ascii: "\"")),
            cursor.word() == KeyWord.account
        else { return nil }
        cursor.place += 8
        guard cursor.takeSpaced(UInt8(ascii: ":")), let name = cursor.takePlainIdentifier(),
            cursor.takeEnd()
        else { return nil }
        reading = .command(.delete(accountHash.key(of: name)))
        return cursor.place
    }

    package mutating func readAny(_ line: UnsafeRawBufferPointer) -> LineReading {
        if scratch.count < line.count {
            scratch = Array(repeating: 0, count: line.count)
        }
        let name = scratch.withUnsafeMutableBytes { scratch in
            var reader = JSONReader(line, scratch: scratch)
            return Self.accountKey(&reader, hash: accountHash)
        }
        return name.map { .command(.delete($0)) } ?? .refused(.malformed)
    }

    private static func accountKey(
        _ reader: inout JSONReader, hash: SipHash128
    ) -> AccountKey? {
        do {
            try reader.beginObject()
            guard let key = try reader.nextKey(), key.equals("account") else { return nil }
            let name = try reader.readString()
            guard Identifier.isValid(name), try reader.nextKey() == nil else { return nil }
            try reader.finish()
            return hash.key(of: name)
        } catch {
            return nil
        }
    }
}
