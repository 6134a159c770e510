/// Memory for blocks of votes, shared with a frozen copy of the store until one side writes.
///
/// `@unchecked Sendable`: a page is written only by the one machine that holds the only reference
/// to it (`isKnownUniquelyReferenced`); once it is shared, nobody writes.
final class VotePage: @unchecked Sendable {
    private let count: Int
    /// `count` words that live as long as the page.
    let words: UnsafeMutablePointer<UInt64>

    init(words count: Int) {
        self.count = count
        words = .allocate(capacity: count)
        words.initialize(repeating: 0, count: count)
    }

    deinit { words.deallocate() }

    func copy() -> VotePage {
        let copy = VotePage(words: count)
        copy.words.update(from: words, count: count)
        SharedMemory.noteCopy(bytes: 8 * count)
        return copy
    }
}
