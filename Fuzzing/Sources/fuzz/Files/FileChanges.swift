import Crypto
import Persistence

/// Changes the files of a directory as the input says: byte by byte, in large pieces, by name; and
/// also so that checksums are right again, behind which readers believe what they read.
struct FileChanges {
    private let storage: MemoryStorage
    /// Whether digests were computed anew: then what is read may be something else.
    private(set) var isForged = false
    /// Whether the checksum of a file's header was computed anew: not all that it says is needed.
    private(set) var isSealed = false

    /// The most changes of one input.
    private static let maximumCount = 12

    /// - Parameter suffix: of the files that are changed, most of the time.
    init(_ storage: MemoryStorage, suffix: String, _ input: inout FuzzInput) throws {
        self.storage = storage
        for _ in 0..<Self.maximumCount where !input.isEmpty {
            let kind = input.byte()
            var names = try storage.names().filter { $0 != "lock" }
            if kind < 0xE0 { names.removeAll { !$0.hasSuffix(suffix) } }
            guard !names.isEmpty else { continue }
            let name = names[input.number(below: names.count)]
            let other = names[input.number(below: names.count)]
            if kind % 16 < 13 {
                var bytes = try storage.bytes(of: name)
                change(&bytes, from: try storage.bytes(of: other), kind % 16, &input)
                try storage.replace(name, with: bytes)
            } else {
                try changeNames(name, other, kind % 16, &input)
            }
        }
    }

    private mutating func change(
        _ bytes: inout [UInt8], from other: [UInt8], _ kind: UInt8, _ input: inout FuzzInput
    ) {
        guard !bytes.isEmpty else { return }
        // Mostly within what is written, not in the room behind it.
        let end = min(bytes.count, (bytes.lastIndex { $0 != 0 } ?? 0) + 100)
        let place = input.number(below: 1 << 16) % end
        switch kind {
        case 0: bytes[place] ^= 1 << (input.byte() & 7)
        case 1: bytes[place] = input.byte()
        case 2: replace(&bytes, at: place, [UInt8](repeating: 0, count: 4 * Int(input.byte())))
        case 3: bytes.removeSubrange(place...)
        case 4: replace(&bytes, at: place, input.take(Int(input.byte())))
        case 5: replace(&bytes, at: place & ~7, withUnsafeBytes(of: input.word()) { Array($0) })
        case 6, 7:
            let from = input.number(below: 1 << 16) % max(1, other.count) & ~7
            replace(&bytes, at: place & ~7, Array(other[from...].prefix(8 * Int(input.byte()))))
        case 8: bytes.removeSubrange(place..<min(bytes.count, place + 8 * Int(input.byte())))
        case 9: bytes.insert(contentsOf: input.take(8), at: place)
        case 10:
            isSealed = true
            seal(&bytes, covering: 80, at: 0, bytes: 16)
        case 11: sealRecord(&bytes, place)
        default: forge(&bytes)
        }
    }

    private func replace(_ bytes: inout [UInt8], at place: Int, _ part: [UInt8]) {
        let end = min(bytes.count, place + part.count)
        bytes.replaceSubrange(place..<end, with: part.prefix(end - place))
    }

    private func changeNames(
        _ name: String, _ other: String, _ kind: UInt8, _ input: inout FuzzInput
    ) throws {
        switch kind {
        case 13: try storage.remove(name)
        case 14:
            let bytes = try storage.bytes(of: name)
            try storage.replace(name, with: try storage.bytes(of: other))
            try storage.replace(other, with: bytes)
        default:
            let number = input.byte() & 1 == 0 ? UInt64(input.byte()) : input.word()
            let digits = String(number)
            let padded = String(repeating: "0", count: 20 - digits.utf8.count) + digits
            let renamed =
                name.hasSuffix(".seg") ? "journal-\(padded).seg" : "snapshot-\(padded).snap"
            try storage.replace(renamed, with: try storage.bytes(of: name))
        }
    }

    // MARK: Checksums

    private func seal(_ bytes: inout [UInt8], covering count: Int, at start: Int, bytes size: Int) {
        guard start + count + size <= bytes.count else { return }
        let hash = SHA256.hash(data: bytes[start..<start + count])
        replace(&bytes, at: start + count, Array(hash.prefix(size)))
    }

    /// Makes right the checksum of the record header at or before a place.
    private func sealRecord(_ bytes: inout [UInt8], _ place: Int) {
        for start in stride(from: place & ~7, through: 96, by: -8)
        where bytes[start...].starts(with: "TREC" as [UInt8]) {
            return seal(&bytes, covering: 72, at: start, bytes: 8)
        }
    }

    /// Makes right all digests of a segment or a snapshot, as far as its lengths lead.
    private mutating func forge(_ bytes: inout [UInt8]) {
        guard bytes.count >= 96 else { return }
        isForged = true
        seal(&bytes, covering: 80, at: 0, bytes: 16)
        if bytes.starts(with: "TALLYSNP" as [UInt8]) {
            forgeSnapshot(&bytes)
        } else {
            forgeSegment(&bytes)
        }
    }

    private func forgeSegment(_ bytes: inout [UInt8]) {
        var digest = Array(bytes[48..<80])
        var start = 96
        while start + 80 <= bytes.count, bytes[start...].starts(with: "TREC" as [UInt8]) {
            let end = start + 80 + length(bytes, start + 8)
            guard end <= bytes.count else { return }
            digest = Array(
                SHA256.hash(data: digest + bytes[start..<start + 40] + bytes[start + 80..<end]))
            replace(&bytes, at: start + 40, digest)
            seal(&bytes, covering: 72, at: start, bytes: 8)
            start = (end + 7) & ~7
        }
    }

    private func forgeSnapshot(_ bytes: inout [UInt8]) {
        let footer = bytes.count - 56
        var digest = Array(SHA256.hash(data: bytes[..<96]))
        var start = 96
        var chunks: UInt64 = 0
        var contents: UInt64 = 0
        while start + 48 <= footer {
            let size = length(bytes, start + 4)
            let end = start + 48 + size
            guard end <= footer else { return }
            digest = Array(
                SHA256.hash(data: digest + bytes[start..<start + 16] + bytes[start + 48..<end]))
            replace(&bytes, at: start + 16, digest)
            chunks += 1
            contents += UInt64(size)
            start = (end + 7) & ~7
        }
        guard footer >= 96 else { return }
        replace(&bytes, at: footer + 8, withUnsafeBytes(of: chunks) { Array($0) })
        replace(&bytes, at: footer + 16, withUnsafeBytes(of: contents) { Array($0) })
        digest = Array(SHA256.hash(data: digest + bytes[footer..<footer + 24]))
        replace(&bytes, at: footer + 24, digest)
    }

    private func length(_ bytes: [UInt8], _ place: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }
}
