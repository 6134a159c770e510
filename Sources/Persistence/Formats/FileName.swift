/// The names of all files of a data directory.
///
/// | name | what it is |
/// |---|---|
/// | `lock` | empty; locked while a process has the directory |
/// | `key` | the secret key, see `KeyFile` |
/// | `durable-mark` | how far the journal must reach at least, see `DurableMark` |
/// | `journal-<first sequence>.seg` | a segment, see `SegmentedJournal` |
/// | `spare` | the next segment, preallocated, with no record in it |
/// | `reserve` | a small segment for what must be written on a full disk |
/// | `snapshot-<sequence>.snap` | a snapshot, see `SnapshotWriter` |
/// | `snapshot-<sequence>.bad` | a damaged snapshot that an older one stood in for |
/// | `torn-<sequence>.tail` | a torn tail that recovery cut off, kept |
/// | `….tmp` | unfinished; means nothing |
/// | `tokens.json`, `tokens.lock` | the server's tokens, by their hashes; locked while one writes them |
/// | `tokens.part` | unfinished; means nothing |
/// | `audit.log` | what was done by whom, appended to |
///
/// Sequences have 20 digits, so that names sort as numbers do. Anything else is ignored.
enum FileName {
    static let lock = "lock"
    static let key = "key"
    static let durableMark = "durable-mark"
    static let spare = "spare"
    static let reserve = "reserve"
    static let temporarySuffix = ".tmp"
    static let tokens = "tokens.json"
    static let tokensLock = "tokens.lock"
    /// Not `.tmp`: a server that starts meanwhile clears those away.
    static let unfinishedTokens = "tokens.part"
    static let auditLog = "audit.log"
    /// What others keep in a data directory, each file replaced as a whole: no part of the journal's
    /// story, but of every copy of the directory.
    static let configuration = [tokens]

    static func segment(_ firstSequence: UInt64) -> String {
        "journal-\(digits(firstSequence)).seg"
    }

    static func snapshot(_ sequence: UInt64) -> String {
        "snapshot-\(digits(sequence)).snap"
    }

    static func badSnapshot(_ sequence: UInt64) -> String {
        "snapshot-\(digits(sequence)).bad"
    }

    static func tornTail(_ sequence: UInt64) -> String {
        "torn-\(digits(sequence)).tail"
    }

    /// The number in the name of a segment; nil for any other file.
    static func segmentSequence(of name: String) -> UInt64? {
        sequence(of: name, prefix: "journal-", suffix: ".seg")
    }

    static func snapshotSequence(of name: String) -> UInt64? {
        sequence(of: name, prefix: "snapshot-", suffix: ".snap")
    }

    static func isTemporary(_ name: String) -> Bool {
        name.hasSuffix(temporarySuffix)
    }

    /// What is kept for a person to look at, until the next erasure.
    static func isKeptEvidence(_ name: String) -> Bool {
        sequence(of: name, prefix: "torn-", suffix: ".tail") != nil
            || sequence(of: name, prefix: "snapshot-", suffix: ".bad") != nil
    }

    /// Whether a copy of a data directory, finished or not, may have a file of this name.
    static func isOurs(_ name: String) -> Bool {
        if isTemporary(name) { return isOurs(String(name.dropLast(temporarySuffix.count))) }
        return segmentSequence(of: name) != nil || snapshotSequence(of: name) != nil
            || isKeptEvidence(name) || configuration.contains(name)
            || [lock, key, durableMark, spare, reserve].contains(name)
    }

    /// What a file is, as failpoints name it.
    static func kind(of name: String) -> String {
        if isTemporary(name) {
            return kind(of: String(name.dropLast(temporarySuffix.count))) + "-tmp"
        }
        if segmentSequence(of: name) != nil { return "segment" }
        if snapshotSequence(of: name) != nil { return "snapshot" }
        if isKeptEvidence(name) { return name.hasPrefix("torn-") ? "torn-tail" : "bad-snapshot" }
        switch name {
        case tokens: return "tokens"
        case tokensLock: return "tokens-lock"
        case unfinishedTokens: return "tokens-part"
        case auditLog: return "audit-log"
        default: return name
        }
    }

    private static let digitCount = 20

    private static func digits(_ number: UInt64) -> String {
        let plain = String(number)
        return String(repeating: "0", count: digitCount - plain.utf8.count) + plain
    }

    private static func sequence(of name: String, prefix: String, suffix: String) -> UInt64? {
        guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
        let middle = name.utf8.dropFirst(prefix.utf8.count).dropLast(suffix.utf8.count)
        guard middle.count == digitCount, middle.allSatisfy({ 0x30...0x39 ~= $0 }) else {
            return nil
        }
        // The numbers that leave room on both sides: positions before and after are computed.
        return UInt64(Substring(middle)).flatMap { 0 < $0 && $0 < .max ? $0 : nil }
    }
}
