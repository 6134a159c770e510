import Gateway

/// What all lanes of a run share.
struct LaneSetup: Sendable {
    let address: ServerAddress
    let ballot: BallotPlan
    let names: AccountNames
    let templates: LineTemplates
    let streamHead: RequestHead
    /// Where the streams of votes go.
    let votesPath: String
    /// Lines per second of one lane, as an open loop; nil: as fast as they are taken.
    let rate: Double?
    /// Lines or requests of one lane that may be unacknowledged; nil: what flow control lets through.
    let inFlight: Int?

    /// - Parameters:
    ///   - ballots: the whole ballots that the scripts cast.
    ///   - namesPhase: send lines that name consultation and phase to `/v1/votes`.
    init(
        address: ServerAddress, ballot: BallotPlan, names: AccountNames,
        ballots: BallotBook = BallotBook(), namesPhase: Bool = false, rate: Double? = nil,
        inFlight: Int? = nil
    ) throws {
        self.address = address
        self.ballot = ballot
        self.names = names
        self.rate = rate
        self.inFlight = inFlight
        templates = try LineTemplates(
            ballot, names: names, ballots: ballots, namesPhase: namesPhase)
        streamHead = LineStream.head(address)
        votesPath = namesPhase ? "/v1/votes" : "\(ballot.phasePath)/votes"
    }
}
