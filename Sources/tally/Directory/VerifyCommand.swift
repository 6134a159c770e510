import ArgumentParser
import Persistence
import TallyActors

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check a data directory or a backup, byte by byte, and recount.",
        discussion: """
            Example:
              tally verify --data /backups/2027-03-14

            No server may hold the directory; a backup of it can be verified at any time. \
            Nothing in it is changed.

            Exits with 0 when all is well, with 1 when not.
            """)

    @Option(help: ArgumentHelp("The data directory.", valueName: "directory"))
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
        } catch let error where Self.saysNothingOfSoundness(error) {
            try DirectoryComplaint.end(
                "\(data) cannot be verified", because: error, data: data)
        } catch {
            try DirectoryComplaint.end("\(data) is not sound", because: error, data: data)
        }
    }

    private static func saysNothingOfSoundness(_ error: any Error) -> Bool {
        switch error {
        case is StorageFault, DirectoryFault.noData, DirectoryFault.unknownFormat,
            DirectoryFault.unknownRules:
            true
        default:
            false
        }
    }
}
