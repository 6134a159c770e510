import ArgumentParser
import Persistence
import TallyActors

struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what is in a data directory, also while a server uses it.",
        discussion: """
            Examples:
              tally inspect --data ./tally-data
              tally inspect --data ./tally-data --record 1234

            Reads every segment and snapshot, takes no lock, and changes nothing. The \
            second form puts the command with that sequence into words; accounts are shown \
            as their keyed hashes, the only form that Tally has of them.

            Exits with 0, or with 1 when something is damaged, cannot be read, or is not \
            there. `tally verify` checks more: also that the counts equal a recount.
            """)

    @Option(help: ArgumentHelp("The data directory.", valueName: "directory"))
    var data = "./tally-data"

    @Option(
        help: ArgumentHelp(
            "Show the command that has this sequence, in words.", valueName: "sequence"))
    var record: UInt64?

    func run() async throws {
        do {
            let (text, isSound) = try await blocking { [data, record] in
                let inspection = try Inspection(
                    FileStorage(path: data, createIfMissing: false),
                    rulesVersion: TallyService.rulesVersion)
                if let record {
                    let (found, words) = try DataInspection.words(
                        record, of: inspection, configuration: ServiceStart.configuration)
                    return (InspectionText.record(found, words, sequence: record), true)
                }
                let report = try inspection.report()
                let text = InspectionText.directory(report, data: data, Terminal.output)
                return (text, report.damages.isEmpty)
            }
            print(text)
            if !isSound { throw ExitCode(1) }
        } catch let code as ExitCode {
            throw code
        } catch {
            try DirectoryComplaint.end(
                "\(data) cannot be inspected", because: error, data: data)
        }
    }
}
