import Glibc

/// Votes for Redis, as ready bytes: one thread sends them over several connections, so many at a time
/// on each, the next when all of those are answered.
final class RedisLoad {
    private struct Lane {
        var votes: PeerVotes
        var commands: [UInt8] = []
        /// Where the votes of each pipeline end in `commands`.
        var ends: [Int] = []
    }

    private let pipeline: Int
    private var lanes: [Lane]

    init(votes: Int, connections: Int, pipeline: Int, accounts: Int, proposals: Int) throws {
        self.pipeline = pipeline
        lanes = try onThreads(connections) { connection in
            var lane = Lane(
                votes: PeerVotes(
                    count: votes / connections, connection: connection, of: connections,
                    accounts: accounts, proposals: proposals))
            for (index, vote) in lane.votes.votes.enumerated() {
                lane.commands += RedisFunction.vote(vote)
                if (index + 1) % pipeline == 0 || index + 1 == lane.votes.votes.count {
                    lane.ends.append(lane.commands.count)
                }
            }
            return lane
        }
    }

    var votes: Int { lanes.reduce(0) { $0 + $1.votes.votes.count } }

    /// Sends all of them.
    /// - Returns: the seconds until the last was answered.
    func send(to server: RedisServer) throws -> Double {
        let connections = try lanes.map { _ in try RedisConnection(port: server.port) }
        var entries = connections.map {
            pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0)
        }
        var sent = lanes.map { _ in 0 }
        var awaited = lanes.map { _ in 0 }
        var remaining = votes
        var refused = 0
        let watch = Stopwatch()
        while remaining > 0 {
            for lane in lanes.indices where awaited[lane] == 0 {
                awaited[lane] = try sendPipeline(lane, sent[lane], over: connections[lane])
                sent[lane] += awaited[lane]
            }
            try systemCall("poll") { poll(&entries, nfds_t(entries.count), -1) }
            for lane in lanes.indices where entries[lane].revents != 0 {
                let answered = try connections[lane].smallIntegers { if $0 == 0 { refused += 1 } }
                awaited[lane] -= answered
                remaining -= answered
            }
        }
        let seconds = watch.seconds
        let expected = lanes.reduce(0) { $0 + $1.votes.refused }
        guard refused == expected else {
            throw Fault("Redis refused \(refused) votes of deleted accounts, not \(expected)")
        }
        return seconds
    }

    private func sendPipeline(
        _ lane: Int, _ sent: Int, over connection: RedisConnection
    ) throws -> Int {
        let count = min(pipeline, lanes[lane].votes.votes.count - sent)
        guard count > 0 else { return 0 }
        let number = sent / pipeline
        let start = number == 0 ? 0 : lanes[lane].ends[number - 1]
        let end = lanes[lane].ends[number]
        try lanes[lane].commands.withUnsafeBytes {
            try connection.send(UnsafeRawBufferPointer(rebasing: $0[start..<end]))
        }
        return count
    }

    /// Compares every count that Redis has with those that must come out.
    func check(_ connection: RedisConnection) throws {
        let choices = Choice.allCases
        for place in lanes[0].votes.counts.indices {
            let expected = lanes.reduce(0) { $0 + $1.votes.counts[place] }
            let key = RedisFunction.countKey(
                proposal: place / choices.count, choice: choices[place % choices.count])
            let reply = try connection.call("GET", key)
            guard reply == .text(String(expected)) || (reply == .none && expected == 0) else {
                throw Fault("Redis counts \(reply) for \(key), not \(expected)")
            }
        }
    }
}
