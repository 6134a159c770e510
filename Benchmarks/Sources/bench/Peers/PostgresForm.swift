/// One way to give PostgreSQL its votes in batches.
struct PostgresForm: Hashable, CustomStringConvertible {
    /// How a batch reaches the statement.
    enum Feed: String, CaseIterable {
        /// `COPY` into a temporary table, which the statement reads.
        case copy = "COPY into a temporary table"
        /// As three arrays, the parameters of a prepared statement.
        case arrays = "arrays"
    }

    /// How an account is kept.
    enum Key: String, CaseIterable {
        case text = "text"
        /// 16 bytes: only for identifiers that happen to be UUIDs, as those of this load are.
        case uuid = "uuid"
    }

    var feed: Feed
    var key: Key
    /// Votes of one transaction.
    var batch: Int
    var connections: Int

    var description: String {
        "\(feed.rawValue), \(key.rawValue) keys, \(batch) votes a transaction, "
            + "\(connections) connections"
    }
}
