import ArgumentParser
import Persistence
import TallyActors

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy a data directory, also while a server uses it.",
        discussion: """
            Example:
              tally backup --data ./tally-data --to /backups/2027-03-14

            The copy is consistent, and holds every command that was acknowledged before \
            the backup began. It is made as DIRECTORY.partial, read again byte by byte, \
            and renamed when it is whole and durable. `tally verify` recounts it; to \
            restore it, move it to where the server's data directory was, and start the \
            server.

            The copy holds the key: whoever has it can find out how a given account voted.

            Exits with 0 when the copy is there, with 1 when not; then nothing is left of it.
            """)

    @Option(help: ArgumentHelp("The data directory.", valueName: "directory"))
    var data = "./tally-data"

    @Option(
        help: ArgumentHelp(
            "Where the copy goes: a directory that does not exist yet, or is empty.",
            valueName: "directory"))
    var to: String

    func run() async throws {
        do {
            let report = try await blocking { [data, to] in
                try Backup.run(
                    FileStorage(path: data, createIfMissing: false), to: to,
                    rulesVersion: TallyService.rulesVersion)
            }
            print(Self.text(report, from: data, to: to))
        } catch {
            try DirectoryComplaint.end(
                "\(data) was not backed up to \(to)", because: error, data: data)
        }
    }

    private static func text(_ report: BackupReport, from data: String, to: String) -> String {
        let snapshots = report.snapshots.count
        var lines = ["\(data) is backed up to \(to)."]
        lines.append("  position   \(Figures.grouped(Int(report.lastSequence)))")
        lines.append(
            "  snapshots  \(snapshots)"
                + (snapshots == 0 ? "" : ", \(ByteCount.exact(report.snapshotBytes))"))
        lines.append(
            "  journal    \(Figures.grouped(report.records))"
                + (report.records == 1 ? " record," : " records,")
                + " \(ByteCount.exact(report.journalBytes))")
        for name in report.configuration {
            lines.append("  also       \(name)")
        }
        return lines.joined(separator: "\n")
    }
}
