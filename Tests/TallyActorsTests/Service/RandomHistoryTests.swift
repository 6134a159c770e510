import Testing

@Suite("The service agrees with a naive model")
struct RandomHistoryTests {
    /// The seed stands in the name of the case: a history that fails is run again by it.
    @Test("on random histories with restarts", arguments: UInt64(1)...30)
    func histories(seed: UInt64) async throws {
        var history = try await RandomHistory(seed: seed)
        try await history.run(rounds: 60)
    }
}
