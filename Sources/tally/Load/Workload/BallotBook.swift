/// The whole ballots that a run casts, by number, each once however many accounts cast it.
package struct BallotBook: Equatable, Sendable {
    /// A vote of a ballot. Proposals and options count from 0.
    package struct Entry: Hashable, Sendable {
        package var proposal: Int
        package var option: Int

        package init(proposal: Int, option: Int) {
            self.proposal = proposal
            self.option = option
        }
    }

    package private(set) var ballots: [[Entry]] = []
    private var numbers: [[Entry]: Int] = [:]

    package init() {}

    /// The number of a ballot, which is entered when it is not there yet.
    package mutating func number(of ballot: [Entry]) -> Int {
        if let number = numbers[ballot] { return number }
        numbers[ballot] = ballots.count
        ballots.append(ballot)
        return ballots.count - 1
    }
}
