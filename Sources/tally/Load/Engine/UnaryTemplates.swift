import Gateway
import NIOCore

/// Paths, bodies and heads of single requests, but for the account, prebuilt.
struct UnaryTemplates: Sendable {
    private let names: AccountNames
    private let votePaths: [[UInt8]]
    private let ballotPath: [UInt8]
    private let deletionPath = Array("/v1/accounts/".utf8)
    private let lines: LineTemplates
    /// By option.
    private let bodies: [ByteBuffer]
    let put: RequestHead
    let delete: RequestHead

    init(_ setup: LaneSetup) throws {
        names = setup.names
        lines = setup.templates
        ballotPath = Array(setup.ballot.ballotsPath.utf8)
        votePaths = setup.ballot.proposals.indices.map {
            Array("\(setup.ballot.proposalPath($0))/votes/".utf8)
        }
        let kind = setup.ballot.kind
        bodies = try (0..<min(kind.options ?? 0, LineTemplates.mostOptions)).map {
            let field = try kind.field(of: $0)
            return ByteBuffer(string: field.map { "{\"\($0.key)\":\($0.value)}" } ?? "{}")
        }
        put = setup.address.head("PUT", [("content-type", "application/json")])
        delete = setup.address.head("DELETE")
    }

    func makeVotePath(_ command: VoteCommand, in path: inout [UInt8]) {
        if case .castBallot = command.action {
            make(ballotPath, command.account, in: &path)
        } else {
            make(votePaths[command.proposal], command.account, in: &path)
        }
    }

    /// Nil: the vote is withdrawn.
    func body(_ command: VoteCommand) -> ByteBuffer? {
        switch command.action {
        case .cast(let option): bodies[option]
        case .withdraw: nil
        case .castBallot(let number): lines.ballotBody(number)
        }
    }

    func makeDeletionPath(_ account: Int, in path: inout [UInt8]) {
        make(deletionPath, account, in: &path)
    }

    private func make(_ start: [UInt8], _ account: Int, in path: inout [UInt8]) {
        path.removeAll(keepingCapacity: true)
        path.append(contentsOf: start)
        let offset = path.count
        path.append(contentsOf: repeatElement(0, count: AccountNames.byteCount))
        path.withUnsafeMutableBytes { names.write(account, to: $0, at: offset) }
    }
}
