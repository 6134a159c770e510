package import NIOCore

/// The lines of a stream, but for the account, prebuilt: a line is rendered by copying what comes before the
/// account, the account, and what comes behind it.
package struct LineTemplates: Sendable {
    /// Bytes that stand in `bytes`.
    private struct Piece {
        var start: Int
        var count: Int
    }

    /// Votes of more options than this are cast in whole ballots only.
    package static let mostOptions = 20_000

    private let names: AccountNames
    private var bytes: [UInt8] = []
    /// By proposal.
    private var beforeAccount: [Piece] = []
    /// By option, and last that of a withdrawal.
    private var afterAccount: [Piece] = []
    private var beforeBallot = Piece(start: 0, count: 0)
    /// By the number of the ballot.
    private var ballots: [Piece] = []
    private var beforeDeletion = Piece(start: 0, count: 0)
    private var afterDeletion = Piece(start: 0, count: 0)
    /// Bytes of the longest line.
    package private(set) var longestLine = 0

    /// - Parameters:
    ///   - ballots: the whole ballots that the run casts.
    ///   - namesPhase: whether the lines name consultation and phase, as those to `/v1/votes` do.
    package init(
        _ plan: BallotPlan, names: AccountNames, ballots book: BallotBook = BallotBook(),
        namesPhase: Bool
    ) throws {
        self.names = names
        var start = "{"
        if namesPhase {
            start += "\"consultation\":\(try JSONText.of(plan.consultation)),"
            start += "\"phase\":\(try JSONText.of(plan.phase)),"
        }
        let proposals = try plan.proposals.map { try JSONText.of($0.id) }
        beforeAccount = proposals.map { keep("\(start)\"proposal\":\($0),\"account\":\"") }
        beforeBallot = keep("\(start)\"account\":\"")
        let fields = try (0..<min(plan.kind.options ?? 0, Self.mostOptions)).map {
            try Self.field(of: $0, plan.kind)
        }
        afterAccount = fields.map { keep("\"\($0)}\n") }
        afterAccount.append(keep("\",\"withdraw\":true}\n"))
        for ballot in book.ballots {
            let votes = try ballot.map { vote in
                let field =
                    fields.indices.contains(vote.option)
                    ? fields[vote.option] : try Self.field(of: vote.option, plan.kind)
                return "{\"proposal\":\(proposals[vote.proposal])\(field)}"
            }
            ballots.append(keep("\",\"votes\":[\(votes.joined(separator: ","))]}\n"))
        }
        beforeDeletion = keep("{\"account\":\"")
        afterDeletion = keep("\"}\n")
        longestLine =
            ((beforeAccount + [beforeBallot]).map(\.count).max() ?? 0) + AccountNames.byteCount
            + ((afterAccount + ballots).map(\.count).max() ?? 0)
    }

    /// What a vote carries, as a part of an object behind another field.
    private static func field(of option: Int, _ kind: BallotKind) throws -> String {
        try kind.field(of: option).map { ",\"\($0.key)\":\($0.value)" } ?? ""
    }

    private mutating func keep(_ text: String) -> Piece {
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        return Piece(start: start, count: bytes.count - start)
    }

    /// The whole ballot as the body of a single request.
    package func ballotBody(_ number: Int) -> ByteBuffer {
        let piece = ballots[number]
        // Without the end of the account before it, and the end of the line.
        var body = ByteBuffer(string: "{")
        body.writeBytes(bytes[(piece.start + 2)..<(piece.start + piece.count - 1)])
        return body
    }

    /// Appends at most `limit` lines of votes. Returns how many there were.
    package func appendVotes<Script: CommandScript>(
        of script: inout Script, _ acknowledged: Acknowledged, limit: Int,
        to buffer: inout ByteBuffer
    ) -> Int {
        append(limit: limit, to: &buffer) { template, line, offset in
            guard let command = script.nextVote(acknowledged) else { return false }
            let before: Piece
            let after: Piece
            switch command.action {
            case .cast(let option):
                before = beforeAccount[command.proposal]
                after = afterAccount[option]
            case .withdraw:
                before = beforeAccount[command.proposal]
                after = afterAccount[afterAccount.count - 1]
            case .castBallot(let number):
                before = beforeBallot
                after = ballots[number]
            }
            copy(before, of: template, to: line, at: &offset)
            names.write(command.account, to: line, at: offset)
            offset += AccountNames.byteCount
            copy(after, of: template, to: line, at: &offset)
            return true
        }
    }

    /// Appends at most `limit` lines of deletions. Returns how many there were.
    package func appendDeletions<Script: CommandScript>(
        of script: inout Script, _ acknowledged: Acknowledged, limit: Int,
        to buffer: inout ByteBuffer
    ) -> Int {
        append(limit: limit, to: &buffer) { template, line, offset in
            guard let account = script.nextDeletion(acknowledged) else { return false }
            copy(beforeDeletion, of: template, to: line, at: &offset)
            names.write(account, to: line, at: offset)
            offset += AccountNames.byteCount
            copy(afterDeletion, of: template, to: line, at: &offset)
            return true
        }
    }

    /// The pointers are those of the prebuilt bytes and of the buffer's free space, for as long as the closures
    /// run; there is room for `limit` of the longest lines, and no line is longer.
    @inline(__always)
    private func append(
        limit: Int, to buffer: inout ByteBuffer,
        _ line: (UnsafeRawBufferPointer, UnsafeMutableRawBufferPointer, inout Int) -> Bool
    ) -> Int {
        var lines = 0
        bytes.withUnsafeBytes { template in
            _ = buffer.writeWithUnsafeMutableBytes(
                minimumWritableBytes: limit * longestLine
            ) { free in
                var offset = 0
                while lines < limit, line(template, free, &offset) { lines += 1 }
                return offset
            }
        }
        return lines
    }

    @inline(__always)
    private func copy(
        _ piece: Piece, of template: UnsafeRawBufferPointer,
        to line: UnsafeMutableRawBufferPointer, at offset: inout Int
    ) {
        let target = UnsafeMutableRawBufferPointer(rebasing: line[offset...])
        target.copyMemory(
            from: UnsafeRawBufferPointer(
                rebasing: template[piece.start..<piece.start + piece.count]))
        offset += piece.count
    }
}
