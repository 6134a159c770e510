import Foundation
import Histogram
import NIOCore
import NIOPosix

/// What all runs of `tally load` do: create a consultation, send scripts, read the tally, report.
struct LoadSession {
    let options: LoadCommand
    let server: ServerAddress
    let seed: UInt64
    let consultation: String
    let names: AccountNames

    /// - Parameter number: of the election, when several are replayed.
    init(_ options: LoadCommand, _ server: ServerAddress, seed: UInt64, number: Int? = nil) {
        self.options = options
        self.server = server
        self.seed = seed
        let name = options.consultation ?? "load-\(seed)"
        consultation = number.map { "\(name)-\($0)" } ?? name
        names = AccountNames(seed: seed, scope: consultation)
    }

    static func seed(_ options: LoadCommand) -> UInt64 {
        let milliseconds = Int(Date().timeIntervalSince1970 * 1000)
        return UInt64(options.seed ?? UInt32(truncatingIfNeeded: milliseconds))
    }

    var lanes: Int { options.connections * options.streams }

    /// - Parameter total: lines of votes that there will be; nil: not known.
    func send<Script: CommandScript>(
        _ scripts: [Script], _ ballot: BallotPlan, ballots: BallotBook = BallotBook(),
        total: Int?
    ) async throws -> (EngineResult<Script>, PhaseTally) {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let control = try await ControlConnection.open(server, on: group.next())
            try await control.create(ballot)
            let progress = ProgressLine(total: total, seconds: options.duration)
            var engine = LoadEngine(
                setup: try LaneSetup(
                    address: server, ballot: ballot, names: names,
                    ballots: ballots, namesPhase: options.fullLines,
                    rate: options.rate.map { $0 / Double(lanes) },
                    inFlight: options.inFlight),
                connections: options.connections)
            engine.isUnary = options.unary
            engine.threads = min(options.threads, options.connections)
            engine.seconds = options.duration
            engine.readRate = options.readers
            engine.readPaths = ballot.proposals.indices.map { "\(ballot.proposalPath($0))/tally" }
            engine.patience = options.patience
            defer { progress.clear() }
            let result = try await engine.run(scripts) { progress.show($0) }
            let tally = try await control.tally(ballot)
            try await group.shutdownGracefully()
            return (result, tally)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    func report<Script: CommandScript>(
        _ result: EngineResult<Script>, _ check: TallyCheck, _ expected: ExpectedTally,
        workload: String, reference: String = "the generator's own count"
    ) -> LoadReport {
        LoadReport(
            server: "\(server)", consultation: consultation, seed: seed, workload: workload,
            firstVotes: 0, changed: 0, withdrawn: 0, accounts: 0, voters: expected.voters,
            deleted: result.deletions.acknowledged,
            retracted: result.deletions.totals["retracted"] ?? 0,
            votes: traffic(result.votes, result.voteSeconds),
            deletions: result.deletions.acknowledged == 0
                ? nil : traffic(result.deletions, result.seconds),
            reads: result.reads.map(reads),
            check: LoadReport.Check(
                compared: check.compared, differences: check.differences.count,
                reference: reference))
    }

    private func traffic(_ result: TrafficResult, _ seconds: Double) -> LoadReport.Traffic {
        LoadReport.Traffic(
            acknowledged: result.acknowledged, seconds: seconds,
            perSecond: seconds > 0 ? Double(result.acknowledged) / seconds : 0,
            bytesPerSecond: seconds > 0 ? Double(result.sentBytes) / seconds : 0,
            latencyNanoseconds: LatencySummary(result.latencies), refused: result.refusals)
    }

    private func reads(_ result: TallyReader.Result) -> LoadReport.Reads {
        let seconds =
            Double(max(result.lastAnsweredAt, result.startedAt + 1) - result.startedAt) / 1e9
        return LoadReport.Reads(
            answered: result.answered, perSecond: Double(result.answered) / seconds,
            failed: result.refused, latencyNanoseconds: LatencySummary(result.latencies))
    }

    /// Returns whether every number is right.
    func show(_ report: LoadReport, _ check: TallyCheck) throws -> Bool {
        print(options.json ? try report.json() : report.text(check.differences))
        return check.isExact
    }
}
