import Persistence

/// What only tests do to files: looking into them, and damaging them.
extension Storage {
    func names() throws -> [String] {
        try list().map(\.name).sorted()
    }

    func bytes(of name: String) throws -> [UInt8] {
        let file = try open(name, for: .read)
        var bytes = [UInt8](repeating: 0, count: Int(try file.size()))
        let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
        precondition(count == bytes.count, "a read was short")
        return bytes
    }

    func replace(_ name: String, with bytes: [UInt8]) throws {
        let file = try open(name, for: .create)
        try bytes.withUnsafeBytes { try file.write([$0], at: 0) }
        try file.sync()
        try syncDirectory()
    }

    func change(_ name: String, _ body: (inout [UInt8]) -> Void) throws {
        var bytes = try bytes(of: name)
        body(&bytes)
        try replace(name, with: bytes)
    }

    func segments() throws -> [String] {
        try names().filter { $0.hasSuffix(".seg") }
    }

    func snapshots() throws -> [String] {
        try names().filter { $0.hasSuffix(".snap") }
    }
}

/// Where the content of a file ends that zeros follow.
func endOfContent(_ bytes: [UInt8]) -> Int {
    (bytes.lastIndex { $0 != 0 } ?? -1) + 1
}
