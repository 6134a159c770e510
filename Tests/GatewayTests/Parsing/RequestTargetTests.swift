import Gateway
import TallyActors
import Testing

@Suite("The target of a request")
struct RequestTargetTests {
    private func segments(_ target: String) -> [String]? {
        RequestTarget(target).map { target in
            (0..<target.count).map { index in
                target.withSegment(index) { String(decoding: $0, as: UTF8.self) }
            }
        }
    }

    @Test("is split before it is decoded")
    func splitting() {
        #expect(segments("/") == [""])
        #expect(segments("/v1/consultations") == ["v1", "consultations"])
        #expect(segments("/v1/") == ["v1", ""])
        #expect(segments("//") == ["", ""])
        #expect(segments("/a/L5%2F04%2fVII/b") == ["a", "L5/04/VII", "b"])
        #expect(segments("/a+b/%2B%20%C3%A9") == ["a+b", "+ é"])
        #expect(segments("/%3F?x=%2F") == ["?"])
        #expect(segments("http://host:80/a/b?c") == ["a", "b"])
    }

    @Test("keeps its query apart, undecoded")
    func query() {
        #expect(RequestTarget("/a?b=%20&c?d")?.query == Array("b=%20&c?d".utf8))
        #expect(RequestTarget("/a?")?.query == [])
        #expect(RequestTarget("/a")?.query == [])
    }

    @Test("gives the parameters of its query, decoded")
    func parameters() {
        func digest(_ query: String) -> String? {
            RequestTarget("/a" + query)!.parameter("digest").map {
                String(decoding: $0, as: UTF8.self)
            }
        }
        #expect(digest("?digest=sha256:0f") == "sha256:0f")
        #expect(digest("?digest=sha256%3A0f&x") == "sha256:0f")
        #expect(digest("?x=1&&digest=a=b+c&digest=d") == "a=b+c")
        #expect(digest("?digest=%3&digest=") == "%3")
        #expect(digest("?digest=%zz") == "%zz")
        #expect(digest("?digest") == "" && digest("?digest=") == "")
        #expect(digest("?digests=x&adigest=y&Digest=z") == nil)
        #expect(digest("") == nil && digest("?") == nil)
    }

    @Test(
        "is malformed with a broken escape or without a path",
        arguments: ["/%", "/%2", "/%2?", "/a%zz", "/%2x/b", "/%?20", "", "a", "*", "http://host"])
    func malformed(target: String) {
        #expect(RequestTarget(target) == nil)
    }

    @Test("gives identifiers and compares fixed parts")
    func parts() {
        let target = RequestTarget("/v1/consultations/caf%C3%A9/%2E%2E/%0A/%C3")!
        #expect(target.segment(0, equals: "v1"))
        #expect(!target.segment(0, equals: "v"))
        #expect(target.identifier(2) == "café")
        #expect(target.identifier(3) == nil)
        #expect(target.identifier(4) == nil)
        #expect(target.identifier(5) == nil)
    }

    @Test("counts more segments than it keeps apart")
    func manySegments() {
        let target = RequestTarget(String(repeating: "/x", count: 100))!
        #expect(target.count == 100)
        #expect(target.identifier(RequestTarget.maximumSegments - 1) == "x")
    }
}
