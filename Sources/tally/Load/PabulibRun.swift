import Foundation

/// The replay of one real election, from the definition of its consultation to the comparison with the
/// official results.
struct PabulibRun {
    /// Shares of the voters who change their ballot, and of made-up accounts that are deleted.
    private static let usualShare = 0.1

    private let session: LoadSession

    init(_ session: LoadSession) {
        self.session = session
    }

    /// Returns whether every number is right.
    func run(_ path: String) async throws -> Bool {
        guard let file = FileManager.default.contents(atPath: path) else {
            throw PabulibFault.unsupported("the file cannot be read")
        }
        let options = session.options
        let replay = try PabulibReplay(
            PabulibElection(Array(file)), changes: options.changes ?? Self.usualShare,
            leavers: options.leavers ?? Self.usualShare, seed: session.seed)
        let ballot = replay.plan(consultation: session.consultation)
        let scripts = (0..<session.lanes).map { PabulibScript(replay, lane: $0, of: session.lanes) }
        let (result, tally) = try await session.send(
            scripts, ballot, ballots: replay.book, total: replay.finalBallots)
        let official = PabulibResult(replay)
        var check = TallyCheck(official.expected, ballot, tally)
        let retracted = result.scripts.reduce(0) { $0 + $1.retracted }
        check.compare("retracted votes", retracted, result.deletions.totals["retracted"] ?? 0)
        check.compare(
            "refused ballots", replay.refusedBallots, result.votes.refusals.values.reduce(0, +))
        let projects = Figures.grouped(replay.election.projects.count)
        var report = session.report(
            result, check, official.expected,
            workload: """
                \(replay.election.title) (\(URL(fileURLWithPath: path).lastPathComponent)), \
                \(projects) projects, \(replay.rules.kind.name) ballots
                """,
            reference: official.reference)
        report.notes = official.notes
        report.ballots = result.scripts.reduce(0) { $0 + $1.ballots }
        report.firstVotes = replay.finalVotes
        report.accounts = replay.finalBallots
        report.changed = result.scripts.reduce(0) { $0 + $1.changed }
        return try session.show(report, check)
    }
}
