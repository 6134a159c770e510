/// The heads of the answers that are given most, made once.
enum StandardHeads {
    static let json = ResponseHead(status: 200, [("content-type", "application/json")])
    static let createdJSON = ResponseHead(status: 201, [("content-type", "application/json")])
    static let text = ResponseHead(status: 200, [("content-type", "text/plain; charset=utf-8")])
    static let unavailableText = ResponseHead(
        status: 503, [("content-type", "text/plain; charset=utf-8")])
    static let metrics = ResponseHead(
        status: 200, [("content-type", "text/plain; version=0.0.4; charset=utf-8")])
    static let lines = ResponseHead(
        status: 200,
        [("content-type", "application/x-ndjson"), ("cache-control", "no-store")])
    static let tally = ResponseHead(status: 200, tallyFields)
    static let unchangedTally = ResponseHead(status: 304, Array(tallyFields.dropFirst()))
    static let definition = ResponseHead(
        status: 200, [("content-type", "application/json"), ("cache-control", "no-cache")])
    static let createdDefinition = ResponseHead(
        status: 201, [("content-type", "application/json"), ("cache-control", "no-cache")])
    static let personalData = ResponseHead(
        status: 200,
        [
            ("content-type", "application/json"), ("cache-control", "no-store"),
            ("vary", "accept"),
            ("content-disposition", "attachment; filename=\"votes.json\""),
        ])

    static let personalRows = ResponseHead(
        status: 200,
        [
            ("content-type", "text/csv"), ("cache-control", "no-store"), ("vary", "accept"),
            ("content-disposition", "attachment; filename=\"votes.csv\""),
        ])

    private static let tallyFields = [
        ("content-type", "application/json"), ("cache-control", "no-cache"),
        ("vary", "accept, authorization"),
    ]
}
