/// What chance decides in one simulation, a digest of everything that happened, and the first
/// thing that went wrong.
///
/// `@unchecked Sendable`, as everything else of a simulation: one thread runs all of it.
final class Fate: @unchecked Sendable {
    var random: SeededRandom
    /// FNV-1a over everything that was noted.
    private(set) var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    /// Things noted so far: says where in a run something went wrong.
    private(set) var moment = 0
    private(set) var failure: SimulationFailure?
    private(set) var happenings: [Happening: Int] = [:]
    /// Every file that is noted has the same content in every run of this seed.
    private let notesContents: Bool

    init(seed: UInt64, notesContents: Bool) {
        self.notesContents = notesContents
        random = SeededRandom(seed: seed)
    }

    func int(_ range: Range<Int>) -> Int { random.int(range) }

    /// True once in `n` times.
    func oneIn(_ n: Int) -> Bool { random.oneIn(n) }

    func note(_ what: StaticString, _ numbers: UInt64...) {
        moment += 1
        what.withUTF8Buffer { mix($0) }
        for number in numbers { mix(number) }
    }

    func note(_ text: String) {
        moment += 1
        var text = text
        text.withUTF8 { mix($0) }
    }

    /// Not where another key makes another content.
    func noteContent(_ bytes: [UInt8]) {
        guard notesContents else { return mix(UInt64(bytes.count)) }
        bytes.withUnsafeBytes { words in
            for offset in stride(from: 0, to: words.count & ~7, by: 8) {
                mix(words.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            }
            mix(words[(words.count & ~7)...])
        }
    }

    private func mix(_ bytes: some Collection<UInt8>) {
        for byte in bytes { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }

    private func mix(_ number: UInt64) {
        digest = (digest ^ number) &* 0x100_0000_01b3
        digest ^= digest >> 29
    }

    func happened(_ what: Happening) { happenings[what, default: 0] += 1 }

    func fail(_ reason: @autoclosure () -> String) {
        if failure == nil { failure = SimulationFailure(moment: moment, reason: reason()) }
    }

    func expect(_ condition: Bool, _ reason: @autoclosure () -> String) {
        if !condition { fail(reason()) }
    }
}

struct SimulationFailure: Error, CustomStringConvertible {
    var moment: Int
    var reason: String

    var description: String { "at moment \(moment): \(reason)" }
}
