import Foundation
import Histogram
import NIOCore
import NIOPosix

/// One run of `tally load`, from the definition of its consultation to the comparison of the counts.
struct LoadRun {
    /// Votes of a run that is given neither a number nor a time.
    private static let usualVotes = 1_000_000
    /// Votes of one account in a run of a given time.
    private static let votesEach = 10
    /// More accounts than vote in any run of a given time.
    private static let manyAccounts = 100_000_000

    private let options: LoadCommand
    private let seed: UInt64
    private let consultation: String
    private let names: AccountNames

    init(_ options: LoadCommand) {
        self.options = options
        let milliseconds = Int(Date().timeIntervalSince1970 * 1000)
        seed = UInt64(options.seed ?? UInt32(truncatingIfNeeded: milliseconds))
        consultation = options.consultation ?? "load-\(seed)"
        names = AccountNames(seed: seed, scope: consultation)
    }

    private var lanes: Int { options.connections * options.streams }

    /// Returns whether every number is right.
    func run() async throws -> Bool {
        if let path = options.pabulib { return try await replay(path) }
        let plan = workload
        let ballot = BallotPlan(
            consultation: consultation, title: "A load of made-up votes", phase: "votes",
            choices: options.choiceNames,
            proposals: (1...options.proposals).map { BallotPlan.Proposal(id: "p\($0)") })
        let scripts = (0..<lanes).map { WorkloadScript(plan: plan, lane: $0, of: lanes) }
        let share = 1 + options.changes * (plan.options == 1 ? 2 : 1) + options.withdrawals
        let total = options.duration == nil ? Int(Double(plan.votes) * share) : nil
        let (result, tally) = try await send(scripts, ballot, total: total)
        var expected = ExpectedTally(proposals: plan.proposals, options: plan.options)
        for script in result.scripts { expected.add(script.expected) }
        var check = TallyCheck(expected, ballot, tally)
        let retracted = result.scripts.reduce(0) { $0 + $1.retracted }
        check.compare("retracted", retracted, result.deletions.totals["retracted"] ?? 0)
        var report = report(result, check, expected, workload: describe(plan))
        report.firstVotes = result.scripts.reduce(0) { $0 + $1.firstVotes }
        report.changed = result.scripts.reduce(0) { $0 + $1.changes }
        report.withdrawn = result.scripts.reduce(0) { $0 + $1.withdrawals }
        report.accounts = result.scripts.reduce(0) { $0 + $1.accountsThatVoted }
        return try show(report, check)
    }

    private var workload: WorkloadPlan {
        let each = min(Self.votesEach, options.proposals)
        let votes: Int
        var accounts: Int
        if options.duration == nil {
            votes = options.votes ?? options.accounts.map { $0 * each } ?? Self.usualVotes
            // Nobody votes twice on a proposal.
            let fewest = (votes - 1) / options.proposals + 1
            accounts = min(votes, options.accounts ?? max(1, votes / Self.votesEach, fewest))
        } else {
            accounts = options.accounts ?? Self.manyAccounts
            votes = accounts * each
        }
        // Every lane has someone.
        accounts = max(accounts, min(votes, lanes))
        return WorkloadPlan(
            names: names, accounts: accounts, proposals: options.proposals,
            options: max(1, options.choiceNames.count), votes: votes, changes: options.changes,
            withdrawals: options.withdrawals, leavers: options.leavers)
    }

    private func describe(_ plan: WorkloadPlan) -> String {
        let proposals =
            plan.proposals == 1 ? "1 proposal" : "\(Figures.grouped(plan.proposals)) proposals"
        let ballot = options.kind == .support ? "support of" : "\(plan.options) choices on"
        let streams = lanes == 1 ? "1 stream" : "\(lanes) streams"
        let way =
            options.unary ? "single requests on \(options.connections) connections" : streams
        return "\(ballot) \(proposals), \(way)"
    }

    // MARK: A real election

    private func replay(_ path: String) async throws -> Bool {
        guard let file = FileManager.default.contents(atPath: path) else {
            throw PabulibFault.unsupported("the file cannot be read")
        }
        let election = try PabulibElection(Array(file))
        try election.checkSupported()
        let ballot = BallotPlan(
            consultation: consultation, title: election.title, phase: "votes", choices: [],
            proposals: election.projects.map { BallotPlan.Proposal(id: $0.id, title: $0.name) })
        let scripts = (0..<lanes).map { PabulibScript(election, lane: $0, of: lanes) }
        let votes = election.ballots.reduce(0) { $0 + $1.count }
        let (result, tally) = try await send(scripts, ballot, total: votes)
        let expected = election.expected
        let check = TallyCheck(expected, ballot, tally)
        let projects = Figures.grouped(election.projects.count)
        var report = report(
            result, check, expected,
            workload: "\(election.title), \(projects) projects",
            reference: election.isOfficial ? "the official results" : "the ballots of the file")
        report.firstVotes = votes
        report.accounts = expected.voters
        return try show(report, check)
    }

    // MARK: Both

    private func send<Script: CommandScript>(
        _ scripts: [Script], _ ballot: BallotPlan, total: Int?
    ) async throws -> (EngineResult<Script>, PhaseTally) {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let control = try await ControlConnection.open(options.url, on: group.next())
            try await control.create(ballot)
            let progress = ProgressLine(total: total, seconds: options.duration)
            var engine = LoadEngine(
                setup: try LaneSetup(
                    address: options.url, ballot: ballot, names: names,
                    namesPhase: options.fullLines, rate: options.rate.map { $0 / Double(lanes) },
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

    private func report<Script: CommandScript>(
        _ result: EngineResult<Script>, _ check: TallyCheck, _ expected: ExpectedTally,
        workload: String, reference: String = "the generator's own count"
    ) -> LoadReport {
        LoadReport(
            server: "\(options.url)", consultation: consultation, seed: seed, workload: workload,
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

    private func show(_ report: LoadReport, _ check: TallyCheck) throws -> Bool {
        print(options.json ? try report.json() : report.text(check.differences))
        return check.isExact
    }
}
