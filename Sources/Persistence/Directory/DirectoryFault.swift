/// Why whole files are refused.
public enum DirectoryFault: Error, Equatable, Sendable {
    /// There is data (for example the named file) but no key for it.
    case keyMissing(beside: String)
    /// The file was written under another key than the directory's.
    case otherKey(file: String)
    /// There is neither a key nor anything that one would be for.
    case noData(path: String)
    /// A format that this version does not know; it knows one.
    case unknownFormat(file: String, version: UInt32, known: UInt32)
    /// Rules that this version does not know; it knows one.
    case unknownRules(file: String, version: UInt32, known: UInt32)
}

extension DirectoryFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .keyMissing(let file):
            "there is '\(file)', but no '\(FileName.key)' file: without the key that it was"
                + " written under, accounts cannot be recognized"
        case .otherKey(let file):
            "'\(file)' was written under another key than the one in '\(FileName.key)'"
        case .noData(let path):
            "there is nothing of Tally in '\(path)'"
        case .unknownFormat(let file, let version, let known):
            "'\(file)' has format version \(version); this version of Tally knows \(known) only"
        case .unknownRules(let file, let version, let known):
            "'\(file)' has rules version \(version); this version of Tally knows \(known) only"
        }
    }
}
