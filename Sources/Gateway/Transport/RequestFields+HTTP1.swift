internal import NIOHTTP1

extension RequestFields {
    /// Takes the head of an HTTP/1.1 request as if it had come in HTTP/2's form.
    mutating func add(_ head: HTTPRequestHead) {
        var name: [UInt8] = []
        addPseudo(":method", head.method.rawValue)
        addPseudo(":path", Self.path(ofTarget: head.uri))
        for (fieldName, fieldValue) in head.headers {
            name.removeAll(keepingCapacity: true)
            for byte in fieldName.utf8 {
                name.append(byte &- 0x41 < 26 ? byte | 0x20 : byte)
            }
            var value = fieldValue
            name.withUnsafeBytes { name in
                value.withUTF8 { add(name, UnsafeRawBufferPointer($0)) }
            }
        }
    }

    private mutating func addPseudo(_ name: StaticString, _ text: String) {
        var text = text
        let name = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        text.withUTF8 { add(name, UnsafeRawBufferPointer($0)) }
    }

    /// The path and query of a target in absolute form (`http://host/path`); any other target as it
    /// is.
    private static func path(ofTarget target: String) -> String {
        guard target.utf8.first != UInt8(ascii: "/"), let scheme = target.firstRange(of: "://")
        else { return target }
        guard let slash = target[scheme.upperBound...].firstIndex(of: "/") else { return "/" }
        return String(target[slash...])
    }
}
