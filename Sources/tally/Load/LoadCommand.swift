import ArgumentParser
import Foundation
import Gateway

/// `tally load URL`: the load generator.
struct LoadCommand: AsyncParsableCommand {
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case support
        case choice
        case budget
        case ranking
        case points
    }

    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Cast votes on a running server, as fast as it takes them or at a rate.",
        discussion: """
            Creates a consultation of its own, lets made-up accounts vote, change their minds, \
            withdraw and leave, and at the end compares every count of the server with its own.

              tally load http://127.0.0.1:8080
              tally load http://127.0.0.1:8080 --votes 6100000 --accounts 6100000 --proposals 1 \\
                  --kind support
              tally load http://127.0.0.1:8080 --rate 20000 --duration 30 --readers 1000
              tally load http://127.0.0.1:8080 --pabulib election.pb
              tally load https://localhost:8080 --ca certificate.pem

            With --pabulib it replays real elections instead, ballot by ballot, while some voters \
            cast another ballot first and made-up accounts vote and are deleted, and compares every \
            count with the official results.

            When the server wants a token, TALLY_TOKEN in the environment is presented; it needs \
            consultations:write, votes:write, accounts:delete and tallies:read.

            Latency is counted from the time at which a vote was due to the answer that says it is on \
            stable storage. Exits with 0 when every number is right, with 1 when one is not, and with 2 \
            when the run could not be brought to its end.
            """)

    @Argument(help: "The server, http://HOST:PORT or https://HOST:PORT.")
    var url: ServerAddress

    @Option(
        help: ArgumentHelp(
            "Trust only the authorities in this file, in PEM, for https; those of the system unless given.",
            valueName: "file"))
    var ca: String?

    @Option(help: "Connections.")
    var connections = 8

    @Option(help: "Streams of votes on each connection.")
    var streams = 1

    @Option(
        help: ArgumentHelp(
            "Votes, changes and withdrawals not counted; 1,000,000 unless --duration is given.",
            valueName: "n"))
    var votes: Int?

    @Option(help: ArgumentHelp("Cast votes for so many seconds.", valueName: "seconds"))
    var duration: Double?

    @Option(help: "Accounts that vote; a tenth of the votes unless given.")
    var accounts: Int?

    @Option(help: "Proposals.")
    var proposals = 1000

    @Option(help: "The kind of ballot: support, choice, budget, ranking or points.")
    var kind = Kind.choice

    @Option(help: ArgumentHelp("The choices of a choice ballot, with commas.", valueName: "names"))
    var choices = "agree,mixed,disagree"

    @Option(
        help: ArgumentHelp(
            """
            Share of the votes that are changed later, where they carry nothing by being withdrawn \
            and cast again (default: 0.09). Of an election: of the ballots (default: 0.1).
            """,
            valueName: "share"))
    var changes: Double?

    @Option(help: ArgumentHelp("Share of the votes that are withdrawn later.", valueName: "share"))
    var withdrawals = 0.01

    @Option(
        help: ArgumentHelp(
            """
            Share of the accounts that are deleted after their last vote (default: 0.05). Of an \
            election: so many made-up accounts for each voter (default: 0.1).
            """,
            valueName: "share"))
    var leavers: Double?

    @Option(
        help: ArgumentHelp(
            "Votes per second, whether the server keeps up or not; as fast as it takes them unless given.",
            valueName: "votes/s"))
    var rate: Double?

    @Flag(help: "One request for each vote instead of streams.")
    var unary = false

    @Option(
        help: ArgumentHelp(
            "Votes of a stream, or requests of a connection, that may wait for their answer (unary: 100).",
            valueName: "n"))
    var inFlight: Int?

    @Flag(help: "Name consultation and phase in every line, on POST /v1/votes.")
    var fullLines = false

    @Option(
        help: ArgumentHelp(
            "Tallies read per second meanwhile, each of one proposal.", valueName: "reads/s"))
    var readers: Double?

    @Option(help: ArgumentHelp("Makes a run repeatable; the clock unless given.", valueName: "n"))
    var seed: UInt32?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Replay elections of the Pabulib collection (approval, ordinal, cumulative).",
            valueName: "file"))
    var pabulib: [String] = []

    @Option(
        help: ArgumentHelp(
            "The consultation to create; named after the seed unless given.", valueName: "name"))
    var consultation: String?

    @Option(help: ArgumentHelp("Event loops of the generator.", valueName: "n"))
    var threads = 1

    @Option(
        help: ArgumentHelp(
            "Give up when nothing is acknowledged for so long.", valueName: "seconds"))
    var patience = 30

    @Flag(help: "Print the outcome as one line of JSON.")
    var json = false

    func validate() throws {
        try Self.require(ca == nil || url.isSecure, "--ca goes with https://")
        try Self.require(connections >= 1 && connections <= 1000, "--connections is 1 to 1000")
        try Self.require(streams >= 1 && streams <= 100, "--streams is 1 to 100")
        try Self.require(proposals >= 1 && proposals <= 10_000, "--proposals is 1 to 10000")
        try Self.require(
            votes == nil || duration == nil, "--votes and --duration exclude each other")
        try Self.require((votes ?? 1) >= 1, "--votes is at least 1")
        try Self.require((duration ?? 1) > 0, "--duration is more than 0")
        try Self.require((accounts ?? 1) >= 1, "--accounts is at least 1")
        try Self.require((rate ?? 1) > 0 && (readers ?? 1) > 0, "a rate is more than 0")
        try Self.require((1...1_000_000) ~= inFlight ?? 1, "--in-flight is 1 to 1000000")
        try Self.require(threads >= 1 && threads <= 64, "--threads is 1 to 64")
        try Self.require(patience >= 1, "--patience is at least 1")
        let shares = [
            changes ?? 0, withdrawals, leavers ?? 0, (changes ?? 0) + withdrawals,
        ]
        try Self.require(
            shares.allSatisfy { $0 >= 0 && $0 <= 1 }, "shares are from 0 to 1, also added up")
        if case .choice(let names) = ballot {
            try Self.require(
                Set(names).count == names.count && !names.contains(""),
                "--choices are different names with commas between them")
        }
        try Self.require(
            pabulib.isEmpty || votes == nil && duration == nil,
            "an election of --pabulib is replayed whole, without --votes and --duration")
        if let votes, let accounts {
            try Self.require(
                (votes - 1) / min(accounts, votes) < proposals,
                "nobody votes twice on a proposal: more --accounts or more --proposals")
        }
    }

    private static func require(_ condition: Bool, _ otherwise: String) throws {
        guard condition else { throw ValidationError(otherwise) }
    }

    var ballot: WorkloadBallot {
        switch kind {
        case .support: .support
        case .choice:
            .choice(
                choices.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
        case .budget: .budget
        case .ranking: .ranking
        case .points: .points
        }
    }

    func run() async throws {
        let seed = LoadSession.seed(self)
        let server = try await server()
        var isExact = true
        var isComplete = true
        do {
            if pabulib.isEmpty {
                isExact = try await LoadRun(LoadSession(self, server, seed: seed)).run()
            }
        } catch let failure as LoadFailure {
            Self.say("\(failure)")
            isComplete = false
        }
        for (index, path) in pabulib.enumerated() {
            let number = pabulib.count == 1 ? nil : index + 1
            do {
                let run = PabulibRun(LoadSession(self, server, seed: seed, number: number))
                if !(try await run.run(path)) { isExact = false }
            } catch let error where error is LoadFailure || error is PabulibFault {
                // One election that cannot be replayed does not keep the others from it.
                Self.say("\(path): \(error)")
                isComplete = false
            }
        }
        if !isComplete { throw ExitCode(2) }
        if !isExact { throw ExitCode(1) }
    }

    /// The server, and who may vouch for it.
    private func server() async throws -> ServerAddress {
        var server = url
        guard server.isSecure else { return server }
        do {
            server.trust = try await blocking { [ca] in
                try TLSTrust(authorities: ca.map { try SmallFile(path: $0).content() })
            }
        } catch let fault as TLSTrust.Fault {
            throw ValidationError("'\(ca ?? "the system's authorities")': \(fault).")
        } catch let unfit as SmallFile.Unfit {
            throw ValidationError("\(unfit).")
        }
        return server
    }

    private static func say(_ message: String) {
        StandardError.write("tally load: \(message)")
    }
}
