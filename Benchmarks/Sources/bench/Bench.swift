import ArgumentParser
import Foundation

/// The command: measures what is named, prints the table, and writes it into the document.
@main
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures Tally side by side with what it is compared to.")

    @Argument(
        help: "What to measure: \(Measurement.names); everything unless given.")
    var measurements: [Measurement] = []

    @Flag(help: "Small numbers: to see that everything works, not how fast.")
    var quick = false

    @Option(help: "How often each side is measured; the median counts.")
    var runs: Int?

    @Option(help: "The program to measure (default: $TALLY, else .build/release/tally).")
    var tally: String?

    @Option(help: "A directory on the disk to measure on; everything put there is removed.")
    var directory = "/var/tmp"

    @Option(help: "The document whose table is replaced when everything was measured.")
    var document = "docs/PERFORMANCE.md"

    func validate() throws {
        if let runs, runs < 1 { throw ValidationError("--runs must be at least 1") }
    }

    func run() throws {
        let workspace = try Workspace(in: directory)
        Interruption.watch(cleaning: workspace.path)
        defer {
            RunningProcesses.endAll()
            workspace.remove()
        }
        try workspace.requireDisk()
        let watch = Stopwatch()
        var scale = quick ? Scale.quick : Scale()
        if let runs { scale.runs = runs }
        let session = Session(scale: scale, workspace: workspace, program: program)
        let machine = try Machine(workspace: workspace)
        var sections: [(title: String, findings: Findings)] = []
        let chosen = measurements.isEmpty ? Measurement.allCases : measurements
        var hasFailed = false
        for measurement in chosen {
            session.note("\(measurement.title)")
            do {
                let findings = try measurement.measure(session)
                for row in findings.rows { session.note("  \(row.summary)") }
                sections.append((measurement.title, findings))
            } catch {
                Interruption.yieldIfUnderWay()
                // What else was asked for is measured all the same: a run takes minutes.
                session.note("  FAILED: \(error)")
                hasFailed = true
            }
        }
        let report = Report(
            machine: machine, runs: scale.runs, sections: sections, seconds: watch.seconds)
        print(report.markdown)
        // A part of the figures, or small ones, must not take the place of the whole.
        if measurements.isEmpty, !quick, !hasFailed {
            try report.write(into: document)
            session.note("written to \(document)")
        }
        if hasFailed { throw ExitCode.failure }
    }

    private var program: String {
        let path = tally ?? ProcessInfo.processInfo.environment["TALLY"] ?? ".build/release/tally"
        let directory = FileManager.default.currentDirectoryPath
        return path.hasPrefix("/") ? path : "\(directory)/\(path)"
    }
}
