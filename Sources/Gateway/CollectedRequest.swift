import NIOCore

/// A request whose body is read as a whole, while it arrives.
final class CollectedRequest {
    /// The most bytes of a JSON body, by what it is.
    enum Limit {
        static let definition = 8 << 20
        static let other = 64 << 10
    }

    let route: Route
    private let limit: Int
    private(set) var body: [UInt8] = []

    init(route: Route) {
        self.route = route
        if case .consultation = route { limit = Limit.definition } else { limit = Limit.other }
    }

    var tooLargeDetail: String { "The body has more than \(limit) bytes." }

    /// - Returns: false when the body is over its limit.
    func collect(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= limit - body.count else { return false }
        body.append(contentsOf: bytes)
        return true
    }
}
