import Foundation
import Testing

/// A story as its file tells it: see `Scripts/README.md`.
struct Script: CustomTestStringConvertible {
    struct Line {
        var text: String
        var location: SourceLocation
    }

    let name: String
    /// Without comments and blank lines.
    let lines: [Line]

    var testDescription: String { name }

    /// All files of the folder `Scripts`, by name.
    static let all: [Script] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Scripts")
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (names ?? []).filter { $0.hasSuffix(".txt") }.sorted().map { name in
            Script(name: name, path: folder.appendingPathComponent(name).path)
        }
    }()

    private init(name: String, path: String) {
        self.name = name
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .filter { !$0.element.isEmpty && !$0.element.hasPrefix("#") }
            .map { index, text in
                Line(
                    text: String(text),
                    location: SourceLocation(
                        fileID: "TallyActorsTests/\(name)", filePath: path, line: index + 1,
                        column: 1))
            }
    }
}
