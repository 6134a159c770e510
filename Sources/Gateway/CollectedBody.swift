/// The body of a request that is read as a whole, while it arrives, up to a limit in bytes.
struct CollectedBody {
    /// The most bytes of a JSON body, by what it is.
    enum Limit {
        static let definition = 8 << 20
        static let ballot = 1 << 20
        static let other = 64 << 10
    }

    let limit: Int
    private(set) var bytes: [UInt8] = []

    init(limit: Int) {
        self.limit = limit
    }

    /// - Returns: false when the body is over its limit.
    mutating func collect(_ more: UnsafeRawBufferPointer) -> Bool {
        guard more.count <= limit - bytes.count else { return false }
        bytes.append(contentsOf: more)
        return true
    }
}

extension Exchange {
    func refuseBody(over limit: Int) {
        refuse(.tooLarge, "The body has more than \(limit) bytes.")
    }
}
