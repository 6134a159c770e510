/// A media type, in lower case and without parameters: `application/json`.
package struct MediaType: Equatable, Sendable {
    package let name: StaticString

    package init(_ name: StaticString) {
        self.name = name
    }

    package static let json = MediaType("application/json")
    package static let csv = MediaType("text/csv")
    package static let lines = MediaType("application/x-ndjson")

    package static func == (left: MediaType, right: MediaType) -> Bool {
        left.name.utf8CodeUnitCount == right.name.utf8CodeUnitCount
            && left.bytes.elementsEqual(right.bytes)
    }

    var bytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    }

    /// Whether a `content-type` names this type, whatever its parameters.
    package func matches(contentType: some Collection<UInt8>) -> Bool {
        // Mostly nothing has to be taken apart.
        contentType.elementsEqual(bytes)
            || FieldValue(contentType).parts(at: ";").first.map { equals($0) } ?? false
    }

    /// The same, at once when the field is just the name, as most are.
    package func matches(contentType field: UnsafeRawBufferPointer) -> Bool {
        field.equals(name) || matches(contentType: Array(field))
    }

    /// Compares with a name in any case, without white space around it.
    func equals(_ other: ArraySlice<UInt8>) -> Bool {
        other.count == name.utf8CodeUnitCount
            && zip(other, bytes).allSatisfy { FieldValue.lowercased($0) == $1 }
    }
}
