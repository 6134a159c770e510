import Gateway
import NIOCore

/// Paths, bodies and heads of single requests, but for the account, prebuilt.
struct UnaryTemplates: Sendable {
    private let names: AccountNames
    private let votePaths: [[UInt8]]
    private let deletionPath = Array("/v1/accounts/".utf8)
    /// By option.
    let bodies: [ByteBuffer]
    let put: RequestHead
    let delete: RequestHead

    init(_ setup: LaneSetup) {
        names = setup.names
        votePaths = setup.ballot.proposals.indices.map {
            Array("\(setup.ballot.proposalPath($0))/votes/".utf8)
        }
        bodies =
            setup.ballot.choices.isEmpty
            ? [ByteBuffer(string: "{}")]
            : setup.ballot.choices.map { ByteBuffer(string: "{\"choice\":\"\($0)\"}") }
        let authority = setup.address.authority
        put = RequestHead(
            method: "PUT", authority: authority, [("content-type", "application/json")])
        delete = RequestHead(method: "DELETE", authority: authority)
    }

    func makeVotePath(_ command: VoteCommand, in path: inout [UInt8]) {
        make(votePaths[command.proposal], command.account, in: &path)
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
