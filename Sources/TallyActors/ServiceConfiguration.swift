/// How a service is cut to the machine.
public struct ServiceConfiguration: Sendable {
    /// Actors that own accounts, 1 to 256; the state does not depend on it.
    public var ballotShards: Int
    /// Actors that own counts, 1 to 256; the state does not depend on it.
    public var tallyShards: Int
    package var host: any ShardHost = ActorHost()

    public init(ballotShards: Int, tallyShards: Int) {
        precondition((1...Partition.count).contains(ballotShards), "1 to 256 ballot shards")
        precondition((1...Partition.count).contains(tallyShards), "1 to 256 tally shards")
        self.ballotShards = ballotShards
        self.tallyShards = tallyShards
    }
}
