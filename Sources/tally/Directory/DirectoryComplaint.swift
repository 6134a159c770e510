import ArgumentParser
import Foundation
import Persistence

/// How a command on a data directory ends when it cannot do what it is for: one sentence on standard
/// error, and exit code 1.
enum DirectoryComplaint {
    /// - Parameters:
    ///   - what: the beginning of the sentence, as in `./data is not sound`.
    ///   - data: the directory, as it was given.
    static func end(_ what: String, because error: any Error, data: String) throws -> Never {
        StandardError.write("\(what): \(reason(error, data: data))")
        throw ExitCode(1)
    }

    private static func reason(_ error: any Error, data: String) -> String {
        switch error {
        case StorageFault.missing(data):
            "there is no such directory"
        case StorageFault.failed(.openDirectory, data, ENOTDIR):
            "it is not a directory"
        case StorageFault.failed(.openDirectory, data, EACCES):
            "it may not be read by this user"
        case StorageFault.locked:
            "a server, or another command, holds it"
        case DirectoryFault.noData:
            "there is nothing of Tally in it"
        default:
            "\(error)"
        }
    }
}
