import NIOCore
import NIOPosix

/// Runs scripts against a server, each on a lane of its own, and waits for all of them. It never waits for
/// ever: a server that acknowledges nothing for `patience` seconds fails the run.
struct LoadEngine: Sendable {
    /// Milliseconds between two looks at the progress.
    private static let look = 100

    var setup: LaneSetup
    var connections: Int
    /// Single requests instead of streams.
    var isUnary = false
    var threads = 1
    /// Votes begin for so long; nil: as long as the scripts have some.
    var seconds: Double?
    /// Reads per second beside the votes, each of one of these paths.
    var readRate: Double?
    var readPaths: [String] = []
    var patience = 30

    /// - Parameters:
    ///   - scripts: one for each lane; they are dealt to the connections in turn.
    ///   - progress: called about ten times a second.
    /// - Throws: `LoadFailure`.
    func run<Script: CommandScript>(
        _ scripts: [Script], progress: (EngineProgress) async -> Void
    ) async throws -> EngineResult<Script> {
        let group = MultiThreadedEventLoopGroup(
            numberOfThreads: threads + (readRate == nil ? 0 : 1))
        do {
            let result = try await run(scripts, on: group, progress)
            try await group.shutdownGracefully()
            return result
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private func run<Script: CommandScript>(
        _ scripts: [Script], on group: MultiThreadedEventLoopGroup,
        _ progress: (EngineProgress) async -> Void
    ) async throws -> EngineResult<Script> {
        var loops = Array(group.makeIterator())
        let readLoop = readRate == nil ? nil : loops.removeLast()
        let counters = scripts.map { _ in LaneCounters() }
        let unary = isUnary ? try UnaryTemplates(setup) : nil
        var open: [LoadConnection<Script>] = []
        var reader: ReaderConnection?
        do {
            for index in 0..<connections {
                let lanes = stride(from: index, to: scripts.count, by: connections)
                open.append(
                    try await LoadConnection.open(
                        setup, unary: unary, scripts: lanes.map { scripts[$0] },
                        counters: lanes.map { counters[$0] }, on: loops[index % loops.count]))
            }
            if let readLoop, let readRate {
                reader = try await ReaderConnection.open(
                    setup.address, paths: readPaths, rate: readRate, on: readLoop)
            }
        } catch {
            for connection in open { connection.abort(.connectionLost(setup.address)) }
            throw error
        }
        let startedAt = MonotonicClock.now
        for connection in open { connection.start(at: startedAt) }
        let results = open.flatMap(\.results)
        let ends = LaneEnds(results)
        await watch(counters, startedAt, open, reader, ends, progress)
        if let failure = ends.failure { throw failure }
        var outcome = EngineResult<Script>(scripts: [], startedAt: startedAt)
        for result in results {
            let lane = try await result.get()
            outcome.scripts.append(lane.script)
            outcome.votes.add(lane.votes)
            outcome.deletions.add(lane.deletions)
        }
        reader?.stop()
        outcome.reads = try await reader?.result.get()
        return outcome
    }

    /// Looks at the progress until the run is over; stops it when its time is up, aborts it when it stalls.
    private func watch<Script: CommandScript>(
        _ counters: [LaneCounters], _ startedAt: UInt64, _ connections: [LoadConnection<Script>],
        _ reader: ReaderConnection?, _ ends: LaneEnds, _ progress: (EngineProgress) async -> Void
    ) async {
        var isStopped = false
        var last = EngineProgress()
        var lastChange = 0.0
        while !ends.areAll {
            try? await Task.sleep(for: .milliseconds(Self.look))
            var now = EngineProgress()
            for lane in counters {
                now.votes += lane.votes.load(ordering: .relaxed)
                now.deletions += lane.deletions.load(ordering: .relaxed)
                now.refused += lane.refused.load(ordering: .relaxed)
                now.sentBytes += lane.sentBytes.load(ordering: .relaxed)
            }
            now.seconds = Double(MonotonicClock.now - startedAt) / 1e9
            if now.votes != last.votes || now.deletions != last.deletions {
                lastChange = now.seconds
                last = now
            }
            await progress(now)
            if let seconds, now.seconds >= seconds, !isStopped {
                isStopped = true
                for connection in connections { connection.stop() }
            }
            let isStalled = now.seconds - lastChange > Double(patience)
            if isStalled || ends.failure != nil || Task.isCancelled {
                for connection in connections { connection.abort(.stalled(seconds: patience)) }
                reader?.abort(.stalled(seconds: patience))
            }
        }
    }
}
