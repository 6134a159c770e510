import Foundation
package import NIOCore

/// The lines of a stream, but for the account, prebuilt: a line is rendered by copying what comes before the
/// account, the account, and what comes behind it.
package struct LineTemplates: Sendable {
    /// Bytes that stand in `bytes`.
    private struct Piece {
        var start: Int
        var count: Int
    }

    private let names: AccountNames
    private var bytes: [UInt8] = []
    /// By proposal.
    private var beforeAccount: [Piece] = []
    /// By option, and last that of a withdrawal.
    private var afterAccount: [Piece] = []
    private var beforeDeletion = Piece(start: 0, count: 0)
    private var afterDeletion = Piece(start: 0, count: 0)
    /// Bytes of the longest line.
    package private(set) var longestLine = 0

    /// - Parameter namesPhase: whether the lines name consultation and phase, as those to `/v1/votes` do.
    package init(_ plan: BallotPlan, names: AccountNames, namesPhase: Bool) throws {
        self.names = names
        var start = "{"
        if namesPhase {
            start += "\"consultation\":\(try Self.json(plan.consultation)),"
            start += "\"phase\":\(try Self.json(plan.phase)),"
        }
        for proposal in plan.proposals {
            beforeAccount.append(
                keep("\(start)\"proposal\":\(try Self.json(proposal.id)),\"account\":\""))
        }
        for choice in plan.choices {
            afterAccount.append(keep("\",\"choice\":\(try Self.json(choice))}\n"))
        }
        if plan.choices.isEmpty { afterAccount.append(keep("\"}\n")) }
        afterAccount.append(keep("\",\"withdraw\":true}\n"))
        beforeDeletion = keep("{\"account\":\"")
        afterDeletion = keep("\"}\n")
        longestLine =
            (beforeAccount.map(\.count).max() ?? 0) + AccountNames.byteCount
            + (afterAccount.map(\.count).max() ?? 0)
    }

    private mutating func keep(_ text: String) -> Piece {
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        return Piece(start: start, count: bytes.count - start)
    }

    private static func json(_ text: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return String(decoding: try encoder.encode(text), as: UTF8.self)
    }

    /// Appends at most `limit` lines of votes. Returns how many there were.
    package func appendVotes<Script: CommandScript>(
        of script: inout Script, _ acknowledged: Acknowledged, limit: Int,
        to buffer: inout ByteBuffer
    ) -> Int {
        append(limit: limit, to: &buffer) { template, line, offset in
            guard let command = script.nextVote(acknowledged) else { return false }
            copy(beforeAccount[command.proposal], of: template, to: line, at: &offset)
            names.write(command.account, to: line, at: offset)
            offset += AccountNames.byteCount
            let after =
                switch command.action {
                case .cast(let option): option
                case .withdraw: afterAccount.count - 1
                }
            copy(afterAccount[after], of: template, to: line, at: &offset)
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
