/// Votes that fill a server before something else is measured: every account votes on so many different
/// proposals, over several streams; the accounts take turns, as people who come back do.
struct Population {
    var accounts: Int
    var votesPerAccount: Int
    var proposals: Int
    var connections = 4

    var votes: Int { accounts * votesPerAccount }

    /// {"proposal":"p0000","account":"…36…","choice":"agree"}
    private static let template =
        "{\"proposal\":\"p0000\",\"account\":\"\(AccountName.text(0))\",\"choice\":\"agree\"}\n"
    /// Of the digits.
    private static let proposalOffset = 14
    private static let accountOffset = 31

    /// Sends them all.
    /// - Returns: the seconds that it took.
    @discardableResult
    func fill(_ server: TallyServer) throws -> Double {
        let port = server.port
        let watch = Stopwatch()
        _ = try onThreads(connections) { number in
            let connection = try HTTPConnection(port: port)
            let own = stride(from: number, to: accounts, by: connections)
            let length = Self.template.utf8.count
            let count = own.underestimatedCount * votesPerAccount
            try connection.startStream("\(TallyServer.phasePath)/votes", length: count * length)
            var piece = Piece(lines: 2000, template: Array(Self.template.utf8))
            for round in 0..<votesPerAccount {
                for account in own {
                    piece.append { line in
                        fill(line, account: account, round: round)
                    }
                    if piece.isFull { try piece.flush(to: connection) }
                }
            }
            try piece.flush(to: connection)
            return try connection.lastLine()
        }
        return watch.seconds
    }

    private func fill(_ line: UnsafeMutableRawBufferPointer, account: Int, round: Int) {
        // Ten rounds reach ten different proposals, and neighbours reach different ones.
        var number = (account &* 7 &+ round &* 97) % proposals
        for place in (Self.proposalOffset..<Self.proposalOffset + 4).reversed() {
            line[place] = UInt8(ascii: "0") + UInt8(number % 10)
            number /= 10
        }
        AccountName.write(
            account, to: UnsafeMutableRawBufferPointer(rebasing: line[Self.accountOffset...]))
    }
}

/// Lines of the same length on their way into a stream.
private struct Piece {
    private var bytes: [UInt8]
    private let length: Int
    private var lines = 0
    private let capacity: Int

    init(lines capacity: Int, template: [UInt8]) {
        self.capacity = capacity
        length = template.count
        bytes = []
        for _ in 0..<capacity { bytes += template }
    }

    var isFull: Bool { lines == capacity }

    mutating func append(_ write: (UnsafeMutableRawBufferPointer) -> Void) {
        let start = lines * length
        bytes.withUnsafeMutableBytes {
            write(UnsafeMutableRawBufferPointer(rebasing: $0[start..<start + length]))
        }
        lines += 1
    }

    mutating func flush(to connection: HTTPConnection) throws {
        try bytes.withUnsafeBytes {
            try connection.send(UnsafeRawBufferPointer(rebasing: $0[..<(lines * length)]))
        }
        lines = 0
    }
}
