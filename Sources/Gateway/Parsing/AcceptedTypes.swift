/// What an `accept` field says that a client wants (RFC 9110, 12.5.1). Parameters other than `q`
/// are ignored, and so is what cannot be read.
package struct AcceptedTypes {
    /// Empty: anything is as welcome as anything else.
    private var ranges: [Range] = []

    private struct Range {
        var type: ArraySlice<UInt8>
        var subtype: ArraySlice<UInt8>
        /// In thousandths.
        var quality: Int

        /// How closely the range names the type; 0: not at all.
        func specificity(for offered: MediaType) -> Int {
            if isStar(type) { return isStar(subtype) ? 1 : 0 }
            guard let slash = offered.bytes.firstIndex(of: UInt8(ascii: "/")),
                equal(type, offered.bytes[..<slash])
            else { return 0 }
            if isStar(subtype) { return 2 }
            return equal(subtype, offered.bytes[(slash + 1)...]) ? 3 : 0
        }

        private func isStar(_ part: ArraySlice<UInt8>) -> Bool {
            part.elementsEqual([UInt8(ascii: "*")])
        }

        private func equal(
            _ part: ArraySlice<UInt8>, _ name: Slice<UnsafeBufferPointer<UInt8>>
        ) -> Bool {
            part.count == name.count
                && zip(part, name).allSatisfy { FieldValue.lowercased($0) == $1 }
        }
    }

    /// - Parameter field: the value of the field; of several, joined with commas.
    package init(_ field: some Collection<UInt8>) {
        // Mostly anything is accepted, and nothing has to be taken apart.
        guard !field.elementsEqual("*/*".utf8) else { return }
        for element in FieldValue(field).parts(at: ",") {
            let parts = FieldValue(element).parts(at: ";")
            guard let name = parts.first, let slash = name.firstIndex(of: UInt8(ascii: "/")) else {
                continue
            }
            ranges.append(
                Range(
                    type: name[..<slash], subtype: name[(slash + 1)...],
                    quality: Self.quality(in: parts.dropFirst())))
        }
    }

    /// The type that the client likes best of those offered, and of equals the first; nil when it
    /// takes none of them.
    package func best(of offered: [MediaType]) -> MediaType? {
        guard !ranges.isEmpty else { return offered.first }
        var best: (type: MediaType, quality: Int)?
        for type in offered {
            let quality = quality(of: type)
            if quality > best?.quality ?? 0 { best = (type, quality) }
        }
        return best?.type
    }

    /// The quality of the range that names the type most closely.
    private func quality(of offered: MediaType) -> Int {
        var closest = (specificity: 0, quality: 0)
        for range in ranges {
            let specificity = range.specificity(for: offered)
            if specificity > closest.specificity {
                closest = (specificity, range.quality)
            }
        }
        return closest.quality
    }

    private static func quality(in parameters: ArraySlice<ArraySlice<UInt8>>) -> Int {
        for parameter in parameters {
            let parts = parameter.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2,
                parts[0].elementsEqual([UInt8(ascii: "q")])
                    || parts[0].elementsEqual([UInt8(ascii: "Q")])
            else { continue }
            return thousandths(parts[1])
        }
        return 1000
    }

    /// `0.8` as 800; what is no quality counts as 1000.
    private static func thousandths(_ text: ArraySlice<UInt8>) -> Int {
        guard let first = text.first, first == 0x30 || first == 0x31 else { return 1000 }
        let fraction = text.dropFirst()
        guard !fraction.isEmpty else { return first == 0x31 ? 1000 : 0 }
        guard fraction.first == UInt8(ascii: "."), fraction.count <= 4 else { return 1000 }
        var value = first == 0x31 ? 1000 : 0
        var weight = 100
        for byte in fraction.dropFirst() {
            guard 0x30...0x39 ~= byte else { return 1000 }
            value += Int(byte - 0x30) * weight
            weight /= 10
        }
        return min(value, 1000)
    }
}
