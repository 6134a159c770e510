import Foundation

/// A run of `tally load`, which makes votes, checks every count against its own, and says in JSON how it
/// went.
struct LoadRun {
    /// What a run does; what is nil or 0 is left out.
    struct Plan {
        var connections: Int
        var extent: Extent
        var accounts: Int
        var proposals: Int
        var changes = 0.0
        var leavers = 0.0
        var kind = Kind.choice
        /// Votes/s that are sent whatever the server does; nil: as fast as it takes them.
        var rate: Int?
        /// Reads/s beside the votes.
        var reads: Int?
        /// The consultation to make; nil: one named after the seed.
        var consultation: String?
        /// A request for each vote, not a stream of lines.
        var isUnary = false
    }

    /// What ends a run.
    enum Extent {
        /// First votes; changes and deletions come on top.
        case votes(Int)
        case seconds(Int)
    }

    /// The kind of ballot, as the option names it.
    enum Kind: String {
        /// Of three choices.
        case choice
        case support, budget, ranking, points
    }

    /// Where to read, during or after a run, the tally of the phase that it votes in.
    static func phasePath(_ consultation: String) -> String {
        "/v1/consultations/\(consultation)/phases/votes"
    }

    /// One of the proposals.
    static let proposal = "p1"

    let process: ChildProcess

    init(_ plan: Plan, against server: TallyServer, seed: Int, _ session: Session) throws {
        var command = [
            session.program, "load", server.url, "--connections", "\(plan.connections)",
            "--accounts", "\(plan.accounts)", "--proposals", "\(plan.proposals)",
            "--kind", plan.kind.rawValue, "--changes", "\(plan.changes)", "--withdrawals", "0",
            "--leavers", "\(plan.leavers)", "--seed", "\(seed)", "--json",
        ]
        command += server.clientOptions
        switch plan.extent {
        case .votes(let count): command += ["--votes", "\(count)"]
        case .seconds(let seconds): command += ["--duration", "\(seconds)"]
        }
        if let rate = plan.rate { command += ["--rate", "\(rate)"] }
        if plan.isUnary { command.append("--unary") }
        if let reads = plan.reads { command += ["--readers", "\(reads)"] }
        if let consultation = plan.consultation { command += ["--consultation", consultation] }
        process = try ChildProcess(
            command, output: .pipe(errors: session.workspace.file("tally-load.log")))
    }

    /// Waits for the end.
    /// - Throws: `Fault` when the run failed, or a count came out wrong.
    func result() throws -> LoadResult {
        let text = try process.readToEnd()
        try process.finish()
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let result = try? decoder.decode(LoadResult.self, from: Data(text.utf8)) else {
            throw Fault("tally load says: \(text)")
        }
        guard result.check.differences == 0 else {
            throw Fault("tally load finds \(result.check.differences) wrong counts: \(text)")
        }
        return result
    }
}
