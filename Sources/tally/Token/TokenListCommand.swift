import ArgumentParser
import Foundation
import Gateway
import TallyActors

struct TokenListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the tokens, without what they are made of.")

    @Option(help: "The data directory.")
    var data = "./tally-data"

    @Flag(help: "Print JSON.")
    var json = false

    private struct Row: Encodable {
        var id: String
        var name: String?
        var scopes: [String]
        var created: String
        var expires: String?
        var expired: Bool
    }

    func run() async throws {
        let records = try await blocking { [data] in
            try TokenFile(data: data, createIfMissing: false).read().records
        }
        let now = SystemClock().read().wall
        let rows = records.map { record in
            Row(
                id: record.id, name: record.name, scopes: record.scopes.names,
                created: RFC3339.string(of: record.created),
                expires: record.expires.map { RFC3339.string(of: $0) },
                expired: record.expires.map { $0 <= now } ?? false)
        }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(rows), as: UTF8.self))
        } else {
            printTable(rows)
        }
    }

    private func printTable(_ rows: [Row]) {
        if rows.isEmpty { return print("There are no tokens.") }
        let columns =
            [["ID", "NAME", "CREATED", "EXPIRES", "SCOPES"]]
            + rows.map { row in
                [
                    row.id, row.name ?? "-", row.created,
                    row.expired ? "expired" : row.expires ?? "never",
                    row.scopes.joined(separator: ","),
                ]
            }
        let widths = (0..<4).map { column in columns.map { $0[column].count }.max() ?? 0 }
        for line in columns {
            let padded = zip(line, widths).map { text, width in
                text + String(repeating: " ", count: width - text.count)
            }
            print((padded + [line[4]]).joined(separator: "  "))
        }
    }
}
