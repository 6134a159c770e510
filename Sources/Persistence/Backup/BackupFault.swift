/// Why no backup was made, beside what is wrong with the directory or the disk.
public enum BackupFault: Error, Equatable, Sendable {
    /// Something stands at the target already, and it is no empty directory.
    case targetTaken(path: String)
    /// The name cannot be that of a directory to be made.
    case targetUnusable(path: String)
    /// The directory in which it is to be made does not exist.
    case parentMissing(path: String)
    /// Another process makes a backup there.
    case targetBusy(path: String)
    /// Where the copy is to be made there is a file that no backup leaves behind.
    case leftOverIsForeign(path: String, file: String)
    /// The directory's files changed at every look at them.
    case restless(path: String)
}

extension BackupFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .targetTaken(let path):
            "there is something at '\(path)' already, and it is not an empty directory"
        case .targetUnusable(let path):
            "'\(path)' cannot be the name of a directory to be made"
        case .parentMissing(let path):
            "there is no directory '\(path)' to make the copy in"
        case .targetBusy(let path):
            "another process makes a backup at '\(path)'"
        case .leftOverIsForeign(let path, let file):
            "'\(file)' in '\(path)', where the copy is to be made, is not from a backup: remove"
                + " it, or choose another target"
        case .restless(let path):
            "the files in '\(path)' changed at every look at them"
        }
    }
}
