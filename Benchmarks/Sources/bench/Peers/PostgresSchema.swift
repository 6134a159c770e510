/// The tables and the one statement that makes PostgreSQL do the job for a whole batch: refuse deleted
/// accounts, keep each account's vote, move the counts.
///
/// Every connection has counts of its own, which readers sum up: no transaction waits for another's
/// lock on a count. Each account's votes come over one connection, so that what `held` sees is what
/// `kept` replaces.
enum PostgresSchema {
    static func tables(_ form: PostgresForm, proposals: Int) -> String {
        """
        DROP TABLE IF EXISTS deleted, votes, counts;
        CREATE TABLE deleted (account \(columnType(form)) PRIMARY KEY);
        CREATE TABLE votes (account \(columnType(form)), proposal int2, choice int2,
            PRIMARY KEY (account, proposal));
        CREATE TABLE counts (connection int2, proposal int2,
            agree int8 NOT NULL DEFAULT 0, mixed int8 NOT NULL DEFAULT 0,
            disagree int8 NOT NULL DEFAULT 0,
            PRIMARY KEY (connection, proposal)) WITH (fillfactor = 40);
        INSERT INTO counts (connection, proposal)
            SELECT c, p FROM generate_series(0, \(form.connections - 1)) c,
                generate_series(0, \(proposals - 1)) p;
        """
    }

    static func columnType(_ form: PostgresForm) -> String {
        switch form.key {
        case .text: "text COLLATE \"C\""
        case .uuid: "uuid"
        }
    }

    /// What each connection sets up. The planner knows nothing of a table that was just made, so it is
    /// kept from scanning all votes for every batch.
    static func session(_ form: PostgresForm) -> String {
        """
        SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = off;
        SET plan_cache_mode = force_generic_plan;
        CREATE TEMPORARY TABLE given
            (account \(columnType(form)), proposal int2, choice int2) ON COMMIT DELETE ROWS;
        """
    }

    static func statement(_ form: PostgresForm, connection: Int) -> String {
        let source =
            switch form.feed {
            case .copy: "given"
            case .arrays:
                "unnest($1::\(form.key.rawValue)[], $2::int2[], $3::int2[])"
                    + " AS given (account, proposal, choice)"
            }
        return """
            WITH accepted AS MATERIALIZED (
                SELECT account, proposal, choice FROM \(source)
                WHERE NOT EXISTS (SELECT FROM deleted WHERE deleted.account = given.account)),
            held AS (
                SELECT votes.proposal, votes.choice FROM accepted JOIN votes
                    ON votes.account = accepted.account AND votes.proposal = accepted.proposal),
            kept AS (
                INSERT INTO votes SELECT * FROM accepted
                ON CONFLICT (account, proposal) DO UPDATE SET choice = excluded.choice),
            moved AS (
                SELECT proposal,
                    coalesce(sum(n) FILTER (WHERE choice = 0), 0) AS agree,
                    coalesce(sum(n) FILTER (WHERE choice = 1), 0) AS mixed,
                    coalesce(sum(n) FILTER (WHERE choice = 2), 0) AS disagree
                FROM (SELECT proposal, choice, 1 AS n FROM accepted
                    UNION ALL SELECT proposal, choice, -1 FROM held) change
                GROUP BY proposal)
            UPDATE counts SET agree = counts.agree + moved.agree,
                mixed = counts.mixed + moved.mixed, disagree = counts.disagree + moved.disagree
            FROM moved
            WHERE counts.connection = \(connection) AND counts.proposal = moved.proposal
            """
    }
}
