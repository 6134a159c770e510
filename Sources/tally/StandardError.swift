import Foundation

/// What is said to people, beside what a script reads.
enum StandardError {
    static func write(_ text: String) {
        // Nobody is left to tell when this fails.
        try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
    }
}
