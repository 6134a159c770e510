import Glibc
import Testing

@Suite("The service agrees with a naive model")
struct RandomHistoryTests {
    /// 30 histories, or as many as the environment's `TALLY_HISTORIES` says.
    private static let seeds: ClosedRange<UInt64> = {
        let wished = getenv("TALLY_HISTORIES").flatMap { UInt64(String(cString: $0)) }
        return 1...(wished ?? 30)
    }()

    /// The seed stands in the name of the case: a history that fails is run again by it.
    @Test("on random histories with restarts", arguments: seeds)
    func histories(seed: UInt64) async throws {
        var history = try await RandomHistory(seed: seed)
        try await history.run(rounds: 60)
    }
}
