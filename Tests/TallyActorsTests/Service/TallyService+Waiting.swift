import Dispatch
import Logging
import Persistence
import TallyActors

// The service's callbacks, as values that a test awaits.

extension TallyService {
    /// Opens on a thread of its own: opening blocks, which the cooperative pool's threads must not.
    static func start(
        _ storage: MemoryStorage, _ clock: TestClock, ballots: Int = 2, tallies: Int = 2,
        host: any ShardHost = ActorHost()
    ) async throws -> TallyService {
        var configuration = ServiceConfiguration(ballotShards: ballots, tallyShards: tallies)
        configuration.host = host
        return try await onOwnThread { [configuration] in
            try open(
                storage: storage, clock: clock, configuration: configuration,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                fail: { fatalError("the storage failed: \($0)") })
        }
    }

    func perform(
        _ command: CatalogueCommand, if precondition: (@Sendable (Catalogue) -> Bool)? = nil
    ) async -> (outcome: CatalogueOutcome, sequence: UInt64) {
        await withCheckedContinuation { continuation in
            perform(command, precondition: precondition) {
                continuation.resume(returning: ($0, $1))
            }
        }
    }

    func define(_ phases: PhaseDefinition...) async -> CatalogueOutcome {
        await perform(
            .define(consultation: "c", definition: ConsultationDefinition(phases: phases))
        ).outcome
    }

    func cut() async -> Cut {
        await withCheckedContinuation { continuation in
            withCut { continuation.resume(returning: $0) }
        }
    }

    func votes(of account: AccountKey) async -> AccountVotes {
        await withCheckedContinuation { continuation in
            votes(of: account) { continuation.resume(returning: $0) }
        }
    }

    func erase() async -> Result<ErasureStatus, Refusal> {
        await withCheckedContinuation { continuation in
            erase { continuation.resume(returning: $0) }
        }
    }

    /// Lets the sequencer have turns until something is so, at most ten seconds.
    func reaches(_ condition: (SequencerStatistics) -> Bool) async throws -> Bool {
        let connection = Connection()
        for _ in 0..<1000 {
            if condition(status.sequencer) { return true }
            await connection.run([], on: self)
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    func snapshot() async -> Result<UInt64, Refusal> {
        await withCheckedContinuation { continuation in
            snapshot { continuation.resume(returning: $0) }
        }
    }
}

extension DataVerification {
    /// Verifies what a storage holds, which a service may still be using.
    static func run(copyOf storage: MemoryStorage, shards: Int = 3) async throws -> Report {
        let copy = storage.afterProcessDeath()
        return try await onOwnThread {
            try run(
                copy,
                configuration: ServiceConfiguration(ballotShards: shards, tallyShards: shards))
        }
    }
}

private func onOwnThread<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue(label: "test").async { continuation.resume(with: Result { try body() }) }
    }
}
