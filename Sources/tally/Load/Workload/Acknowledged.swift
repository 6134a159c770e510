/// How many lines of a script are on stable storage, without a gap, refused ones too.
package struct Acknowledged: Equatable, Sendable {
    package var votes: Int
    package var deletions: Int

    package init(votes: Int = 0, deletions: Int = 0) {
        self.votes = votes
        self.deletions = deletions
    }
}
