/// A record with the names of its columns.
struct PabulibRecord {
    private let columns: [String]
    private let fields: [String]
    let line: Int

    init(columns: [String], fields: [String], line: Int) {
        self.columns = columns
        var fields = fields
        // Names are free text, and not always in quotation marks when they hold a semicolon.
        if fields.count > columns.count, let name = columns.firstIndex(of: "name") {
            let end = name + 1 + fields.count - columns.count
            fields[name] = fields[name..<end].joined(separator: ";")
            fields.removeSubrange((name + 1)..<end)
        }
        self.fields = fields
        self.line = line
    }

    func has(_ column: String) -> Bool { columns.contains(column) }

    /// Nil: there is no such column, or the record ends before it.
    subscript(column: String) -> String? {
        guard let index = columns.firstIndex(of: column), index < fields.count else { return nil }
        return fields[index]
    }
}
