import Glibc
import Testing

@Suite("A simulation of disk, clock and scheduler")
struct SimulationTests {
    /// Seeds 1 to 300, or as the environment's `TALLY_SIMULATION_SEEDS` says: how many, from which
    /// to which (`17-90`), or `=17` for one alone.
    private static let seeds: ClosedRange<UInt64> = {
        guard let text = getenv("TALLY_SIMULATION_SEEDS").map({ String(cString: $0) }) else {
            return 1...300
        }
        let numbers = text.split { !$0.isNumber }.compactMap { UInt64($0) }
        precondition(
            numbers.count == 1 || numbers.count == 2, "TALLY_SIMULATION_SEEDS is not understood")
        let last = numbers.last!
        if numbers.count == 2 { return numbers[0]...last }
        return (text.hasPrefix("=") ? last : 1)...last
    }()

    private static let isVerbose = getenv("TALLY_SIMULATION_VERBOSE") != nil

    /// The seed stands in the name of the case: a run that fails is run again by it.
    @Test("loses nothing that was acknowledged, whatever dies when", arguments: seeds)
    func lives(seed: UInt64) throws {
        // A trap ends the process without the name of the case.
        if Self.isVerbose { print("seed \(seed)") }
        do {
            let digest = try Simulation(seed: seed).run()
            if Self.isVerbose { print("seed \(seed): \(digest)") }
        } catch let failure as SimulationFailure {
            Issue.record("seed \(seed), \(failure)")
        }
    }

    @Test("meets everything that it is there for")
    func happenings() throws {
        var happened: [Happening: Int] = [:]
        for seed: UInt64 in 1...24 {
            let simulation = try Simulation(seed: seed)
            _ = try simulation.run()
            happened.merge(simulation.fate.happenings) { $0 + $1 }
        }
        if Self.isVerbose { print(happened) }
        for what in Happening.allCases { #expect(happened[what] != nil, "\(what)") }
    }

    @Test("happens the same again with the same seed", arguments: 1...8 as ClosedRange<UInt64>)
    func replay(seed: UInt64) throws {
        #expect(try Simulation(seed: seed).run() == Simulation(seed: seed).run())
    }
}
