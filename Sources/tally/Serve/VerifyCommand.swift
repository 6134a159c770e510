import ArgumentParser
import Foundation
import Persistence
import TallyActors

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check a data directory that no server holds, byte by byte, and recount.",
        discussion: "Exits with 0 when all is well, with 1 when not.")

    @Option(help: "The data directory.")
    var data = "./tally-data"

    func run() async throws {
        do {
            let report = try await blocking { [data] in
                try DataVerification.run(
                    FileStorage(path: data, createIfMissing: false),
                    configuration: ServiceStart.configuration)
            }
            print("\(data) is sound.")
            print("  position          \(report.files.lastSequence)")
            print("  accounts          \(report.accounts)")
            print("  votes             \(report.votes)")
            print("  deleted accounts  \(report.deletedAccounts)")
            print("The counts equal a recount of the votes.")
        } catch {
            let text = "\(data) is not sound: \(error)\n"
            try FileHandle.standardError.write(contentsOf: Data(text.utf8))
            throw ExitCode(1)
        }
    }
}
