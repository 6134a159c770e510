import Foundation
import Synchronization

/// Collects what a process says until its first line is complete.
final class FirstLine: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    func append(_ data: Data) {
        bytes.withLock { bytes in
            if !bytes.contains(UInt8(ascii: "\n")) { bytes.append(contentsOf: data) }
        }
    }

    /// Without its end; nil: not complete yet.
    var line: String? {
        bytes.withLock { bytes in
            bytes.firstIndex(of: UInt8(ascii: "\n")).map {
                String(decoding: bytes[..<$0], as: UTF8.self)
            }
        }
    }
}
