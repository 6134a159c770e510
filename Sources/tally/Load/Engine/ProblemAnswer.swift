import Foundation

/// The parts of a problem document that a person wants to see.
package struct ProblemAnswer: Equatable, Sendable {
    /// The last part of its type.
    package var code = "unknown"
    package var detail = ""

    private struct Document: Decodable {
        var type: String?
        var detail: String?
    }

    package init(_ body: some Sequence<UInt8>) {
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(body)) else {
            return
        }
        if let code = document.type?.split(separator: "/").last { self.code = String(code) }
        detail = document.detail ?? ""
    }
}
