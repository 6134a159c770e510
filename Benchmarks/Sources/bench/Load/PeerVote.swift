/// One vote of the load that the databases get.
struct PeerVote: Hashable {
    var account: UInt32
    var proposal: UInt16
    var choice: Choice
}
