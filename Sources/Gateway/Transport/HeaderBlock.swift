internal import CNghttp2

/// Fields in libnghttp2's own form, made once and used for any number of messages.
///
/// Unchecked: the memory is written in `init` only and freed in `deinit` only. libnghttp2 keeps the
/// pointers (NO_COPY) until the message is sent, and a stream keeps the block until it closes.
final class HeaderBlock: @unchecked Sendable {
    let fields: UnsafeBufferPointer<nghttp2_nv>
    /// How many of the first fields are pseudo-header fields.
    let pseudoCount: Int
    private let storage: UnsafeMutableRawPointer

    /// Names in lower case, pseudo-header fields first.
    init(_ pairs: [(name: String, value: String)]) {
        pseudoCount = pairs.prefix { $0.name.hasPrefix(":") }.count
        let tableBytes = MemoryLayout<nghttp2_nv>.stride * pairs.count
        let textBytes = pairs.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        storage = .allocate(
            byteCount: tableBytes + textBytes, alignment: MemoryLayout<nghttp2_nv>.alignment)
        let table = storage.bindMemory(to: nghttp2_nv.self, capacity: pairs.count)
        let text = (storage + tableBytes).bindMemory(to: UInt8.self, capacity: textBytes)
        let flags = UInt8(
            NGHTTP2_NV_FLAG_NO_COPY_NAME.rawValue | NGHTTP2_NV_FLAG_NO_COPY_VALUE.rawValue)
        var offset = 0
        func place(_ string: String) -> (UnsafeMutablePointer<UInt8>, Int) {
            let start = text + offset
            var count = 0
            for byte in string.utf8 {
                start[count] = byte
                count += 1
            }
            offset += count
            return (start, count)
        }
        for (index, pair) in pairs.enumerated() {
            precondition(
                !pair.name.utf8.contains { $0 &- 0x41 < 26 }, "a field name in upper case")
            let (name, nameCount) = place(pair.name)
            let (value, valueCount) = place(pair.value)
            (table + index).initialize(
                to: nghttp2_nv(
                    name: name, value: value, namelen: nameCount, valuelen: valueCount, flags: flags
                ))
        }
        fields = UnsafeBufferPointer(start: table, count: pairs.count)
    }

    deinit {
        storage.deallocate()
    }
}
