import Gateway
import Testing

@Suite("Media types")
struct MediaTypeTests {
    private static let csv = MediaType("text/csv")

    @Test("of a body are compared without case and parameters")
    func contentTypes() {
        for text in [
            "application/json", "Application/JSON", "application/json; charset=utf-8",
            "application/json;x=\"a;b\"", " application/json ",
        ] {
            #expect(MediaType.json.matches(contentType: text.utf8), "\(text)")
        }
        for text in ["", "application/jsonx", "text/json", "application/problem+json", "*/*"] {
            #expect(!MediaType.json.matches(contentType: text.utf8), "\(text)")
        }
    }

    @Test(
        "are chosen as the client likes them, and of equals the first",
        arguments: [
            ("*/*", "application/json"),
            ("", "application/json"),
            ("application/json", "application/json"),
            ("text/csv", "text/csv"),
            ("text/*", "text/csv"),
            ("TEXT/CSV", "text/csv"),
            ("text/csv, application/json", "application/json"),
            ("text/csv;q=0.9, application/json;q=0.8", "text/csv"),
            ("application/json;q=0.1, */*;q=0.5", "text/csv"),
            ("application/json;q=0, */*", "text/csv"),
            ("text/html, */*;q=0.1", "application/json"),
            ("text/csv;header=present", "text/csv"),
            ("nonsense, text/csv", "text/csv"),
            ("application/json;q=2, text/csv;q=0.5", "application/json"),
        ])
    func choosing(accept: String, expected: String) {
        let best = AcceptedTypes(accept.utf8).best(of: [.json, Self.csv])
        #expect(best.map { "\($0.name)" } == expected)
    }

    @Test(
        "are not acceptable when no range names them",
        arguments: [
            "text/html", "application/*;q=0", "*/*;q=0.0", "text/csv;q=0, application/xml",
            "*/json",
        ])
    func refusing(accept: String) {
        #expect(AcceptedTypes(accept.utf8).best(of: [.json]) == nil)
    }
}
