/// Why whole files are refused.
public enum DirectoryFault: Error, Equatable, Sendable {
    /// There is data (for example the named file) but no key for it.
    case keyMissing(beside: String)
    /// The file was written under another key than the directory's.
    case otherKey(file: String)
    /// A format that this version does not know.
    case unknownFormat(file: String, version: UInt32)
    /// Rules that this version does not know.
    case unknownRules(file: String, version: UInt32)
}

extension DirectoryFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .keyMissing(let file):
            "there is '\(file)', but no '\(FileName.key)' file: without the key that it was"
                + " written under, accounts cannot be recognized"
        case .otherKey(let file):
            "'\(file)' was written under another key than the one in '\(FileName.key)'"
        case .unknownFormat(let file, let version):
            "'\(file)' has format version \(version), which this version of Tally does not know"
        case .unknownRules(let file, let version):
            "'\(file)' has rules version \(version), which this version of Tally does not know"
        }
    }
}
