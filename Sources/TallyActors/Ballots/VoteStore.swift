/// Where the votes of a shard's accounts lie: blocks of 1 to 4,096 vote words in pages of 64 KiB,
/// a page for one size of blocks each; accounts with more votes keep them in runs of their own.
///
/// A page is the unit that a snapshot shares: it is copied before it is written when shared.
package struct VoteStore: Sendable {
    /// A block's address: page (high bits) and first word within it (low 13 bits), or, with
    /// `largeFlag`, an index into `large`.
    package typealias Address = UInt32

    static let pageWords = 8192
    private static let wordBits: UInt32 = 13
    private static let largeFlag: UInt32 = 1 << 31
    /// How many votes a block of each size class holds.
    package static let classSizes = [
        1, 2, 3, 4, 6, 8, 10, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 2048,
        4096,
    ]
    /// By number of votes up to 4,096: the class of its block.
    private static let classOfSize: [UInt8] = {
        var classes = [UInt8](repeating: 0, count: classSizes.last! + 1)
        for count in 1...classSizes.last! {
            classes[count] = UInt8(classSizes.firstIndex { $0 >= count }!)
        }
        return classes
    }()

    private var pages: [VotePage] = []
    /// By size class: blocks that were given back.
    private var free = [[Address]](repeating: [], count: classSizes.count)
    /// By size class: the first block of the newest page that was never given out; 0 for none
    /// (page 0 is never used for blocks, so that no address is 0).
    private var fresh = [Address](repeating: 0, count: classSizes.count)
    private var large: [LargeVotes?] = []
    private var freeLarge: [UInt32] = []
    private let classOfSize = Self.classOfSize

    package init() {
        pages.append(VotePage(words: 1))
    }

    // MARK: - Finding

    /// Where in an account's sorted votes the one with this place is, or would be.
    @inline(__always)
    package func search(_ slot: AccountSlot, place: UInt64) -> (index: Int, found: Bool) {
        if slot.block & Self.largeFlag != 0 {
            return large[Int(slot.block & ~Self.largeFlag)]!.search(place)
        }
        let words = self.words(slot)
        var low = 0
        var high = Int(slot.size)
        while low < high {
            let middle = (low + high) >> 1
            if words[middle] >> 24 < place { low = middle + 1 } else { high = middle }
        }
        return (low, low < Int(slot.size) && words[low] >> 24 == place)
    }

    @inline(__always)
    package func vote(_ slot: AccountSlot, at index: Int) -> VoteWord {
        precondition(index < Int(slot.size), "a vote beyond an account's own")
        if slot.block & Self.largeFlag != 0 {
            return VoteWord(raw: large[Int(slot.block & ~Self.largeFlag)]![index])
        }
        return VoteWord(raw: words(slot)[index])
    }

    /// Looks at some neighbouring votes of an account, one after the other.
    @inline(__always)
    package func forEachVote(
        of slot: AccountSlot, in range: Range<Int>, _ body: (VoteWord) -> Void
    ) {
        if range.isEmpty { return }
        if slot.block & Self.largeFlag != 0 {
            large[Int(slot.block & ~Self.largeFlag)]!.forEachWord(in: range) {
                body(VoteWord(raw: $0))
            }
        } else {
            precondition(range.upperBound <= Int(slot.size), "votes beyond an account's own")
            let words = self.words(slot)
            for index in range { body(VoteWord(raw: words[index])) }
        }
    }

    /// The first word of a block, read ahead so that its memory is near when it is needed; 0 where
    /// there is no block.
    @inline(__always)
    func firstWord(of slot: AccountSlot) -> UInt64 {
        slot.block & Self.largeFlag == 0 ? words(slot)[0] : 0
    }

    /// All votes of an account, sorted by phase and proposal.
    package func votes(_ slot: AccountSlot) -> [VoteWord] {
        (0..<Int(slot.size)).map { vote(slot, at: $0) }
    }

    // MARK: - Changing

    /// A block with one vote, for an account that had none.
    package mutating func insertFirst(_ vote: VoteWord) -> Address {
        let address = allocate(class: 0)
        mutable(address)[0] = vote.raw
        return address
    }

    /// Gives an account that has no votes all of these, sorted 64-bit vote words.
    package mutating func fill(_ slot: inout AccountSlot, with votes: UnsafeRawBufferPointer) {
        let count = votes.count / 8
        guard count <= Self.classSizes.last! else {
            for index in 0..<count {
                let vote = VoteWord(
                    raw: votes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
                if index == 0 {
                    slot.block = insertFirst(vote)
                    slot.size = 1
                } else {
                    insert(vote, at: index, of: &slot)
                }
            }
            return
        }
        slot.block = allocate(class: Int(classOfSize[count]))
        slot.size = UInt32(count)
        UnsafeMutableRawPointer(mutable(slot.block)).copyMemory(
            from: votes.baseAddress!, byteCount: 8 * count)
    }

    @inline(__always)
    package mutating func replace(_ slot: AccountSlot, at index: Int, with vote: VoteWord) {
        if slot.block & Self.largeFlag != 0 {
            large[Int(slot.block & ~Self.largeFlag)]![index] = vote.raw
        } else {
            mutable(slot.block)[index] = vote.raw
        }
    }

    /// Puts other votes in the place of some neighbouring ones. When none are left, `size` is 0.
    ///
    /// - Parameter words: vote words that belong there in the account's order.
    package mutating func replace(
        _ range: Range<Int>, of slot: inout AccountSlot, with words: some Collection<UInt64>
    ) {
        if words.count == range.count {
            for (index, word) in zip(range, words) {
                replace(slot, at: index, with: VoteWord(raw: word))
            }
            return
        }
        var all: [UInt64] = []
        all.reserveCapacity(Int(slot.size) - range.count + words.count)
        for index in 0..<range.lowerBound { all.append(vote(slot, at: index).raw) }
        all.append(contentsOf: words)
        for index in range.upperBound..<Int(slot.size) { all.append(vote(slot, at: index).raw) }
        removeAll(of: &slot)
        if !all.isEmpty { all.withUnsafeBytes { fill(&slot, with: $0) } }
    }

    /// Where an account's votes in a phase stand: they lie side by side.
    package func range(of phase: PhaseNumber, in slot: AccountSlot) -> Range<Int> {
        guard slot.size > 0 else { return 0..<0 }
        let first = search(slot, place: UInt64(phase) << VoteWord.fieldBits).index
        let behind = search(slot, place: (UInt64(phase) + 1) << VoteWord.fieldBits).index
        return first..<behind
    }

    /// Adds a vote before the one at `index`, and counts it in the slot.
    package mutating func insert(_ vote: VoteWord, at index: Int, of slot: inout AccountSlot) {
        let count = Int(slot.size)
        slot.size += 1
        if slot.block & Self.largeFlag != 0 {
            large[Int(slot.block & ~Self.largeFlag)]!.insert(vote.raw, at: index)
            return
        }
        if count == Self.classSizes.last! {
            var votes = LargeVotes(words(slot), count: count)
            votes.insert(vote.raw, at: index)
            release(slot.block, class: Self.classSizes.count - 1)
            slot.block = keep(votes)
            return
        }
        let sizeClass = Int(classOfSize[count])
        let block: UnsafeMutablePointer<UInt64>
        if count == Self.classSizes[sizeClass] {
            let address = allocate(class: sizeClass + 1)
            block = mutable(address)
            block.update(from: words(slot), count: index)
            (block + index + 1).update(from: words(slot) + index, count: count - index)
            release(slot.block, class: sizeClass)
            slot.block = address
        } else {
            block = mutable(slot.block)
            (block + index + 1).update(from: block + index, count: count - index)
        }
        block[index] = vote.raw
    }

    /// Removes a vote. The last one of an account leaves `size` 0 and gives the block back.
    package mutating func remove(at index: Int, of slot: inout AccountSlot) {
        let count = Int(slot.size)
        slot.size -= 1
        if slot.block & Self.largeFlag != 0 {
            let at = Int(slot.block & ~Self.largeFlag)
            large[at]!.remove(at: index)
            guard count - 1 == Self.classSizes.last! else { return }
            let address = allocate(class: Self.classSizes.count - 1)
            large[at]!.copy(to: mutable(address))
            discardLarge(at)
            slot.block = address
            return
        }
        let sizeClass = Int(classOfSize[count])
        let block = mutable(slot.block)
        (block + index).update(from: block + index + 1, count: count - index - 1)
        guard count > 1 else {
            release(slot.block, class: sizeClass)
            slot.block = 0
            return
        }
        let smaller = Int(classOfSize[count - 1])
        guard smaller != sizeClass else { return }
        let address = allocate(class: smaller)
        mutable(address).update(from: words(slot), count: count - 1)
        release(slot.block, class: sizeClass)
        slot.block = address
    }

    /// Gives back all of an account's votes.
    package mutating func removeAll(of slot: inout AccountSlot) {
        guard slot.size > 0 else { return }
        if slot.block & Self.largeFlag != 0 {
            discardLarge(Int(slot.block & ~Self.largeFlag))
        } else {
            release(slot.block, class: Int(classOfSize[Int(slot.size)]))
        }
        slot.size = 0
        slot.block = 0
    }

    // MARK: - Blocks

    /// Valid until the store is next written: a page is never moved, but may be copied.
    @inline(__always)
    private func words(_ slot: AccountSlot) -> UnsafeMutablePointer<UInt64> {
        pages[Int(slot.block >> Self.wordBits)].words
            + Int(slot.block & (1 << Self.wordBits - 1))
    }

    @inline(__always)
    private mutating func mutable(_ address: Address) -> UnsafeMutablePointer<UInt64> {
        let page = Int(address >> Self.wordBits)
        if !isKnownUniquelyReferenced(&pages[page]) { pages[page] = pages[page].copy() }
        return pages[page].words + Int(address & (1 << Self.wordBits - 1))
    }

    private mutating func allocate(class sizeClass: Int) -> Address {
        if let address = free[sizeClass].popLast() { return address }
        let size = UInt32(Self.classSizes[sizeClass])
        let address: Address
        if fresh[sizeClass] != 0 {
            address = fresh[sizeClass]
        } else {
            precondition(
                pages.count < Int(Self.largeFlag >> Self.wordBits), "a shard's votes fill 16 GiB")
            pages.append(VotePage(words: Self.pageWords))
            address = UInt32(pages.count - 1) << Self.wordBits
        }
        let end = Int(address & (1 << Self.wordBits - 1)) + 2 * Int(size)
        fresh[sizeClass] = end <= Self.pageWords ? address + size : 0
        return address
    }

    private mutating func release(_ address: Address, class sizeClass: Int) {
        free[sizeClass].append(address)
    }

    private mutating func keep(_ votes: LargeVotes) -> Address {
        if let index = freeLarge.popLast() {
            large[Int(index)] = votes
            return index | Self.largeFlag
        }
        large.append(votes)
        return UInt32(large.count - 1) | Self.largeFlag
    }

    private mutating func discardLarge(_ index: Int) {
        large[index] = nil
        freeLarge.append(UInt32(index))
    }
}
