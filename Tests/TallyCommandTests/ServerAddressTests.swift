import Testing
import tally

@Suite struct ServerAddressTests {
    @Test(
        "says where and how",
        arguments: [
            ("http://localhost:8080", ServerAddress(host: "localhost", port: 8080)),
            ("http://vote.example", ServerAddress(host: "vote.example", port: 80)),
            (
                "https://vote.example/",
                ServerAddress(host: "vote.example", port: 443, isSecure: true)
            ),
            ("https://[::1]:8443", ServerAddress(host: "::1", port: 8443, isSecure: true)),
        ])
    func addresses(url: String, address: ServerAddress) {
        #expect(ServerAddress(url: url) == address)
    }

    @Test(
        "is shown as it is asked for",
        arguments: ["http://localhost:8080", "https://vote.example:443", "https://[::1]:8443"])
    func description(url: String) {
        #expect(ServerAddress(url: url)?.description == url)
    }

    @Test(
        "is named in requests with its port",
        arguments: [
            ("http://127.0.0.1:8080", "127.0.0.1:8080"), ("http://localhost/", "localhost:80"),
            ("http://[::1]:90", "[::1]:90"), ("https://localhost", "localhost:443"),
        ])
    func authority(url: String, authority: String) {
        #expect(ServerAddress(url: url)?.authority == authority)
    }

    @Test(
        "is nothing else",
        arguments: [
            "", "localhost:8080", "ftp://localhost", "https://", "http://",
            "https://a@vote.example",
            "https://vote.example/v1", "https://vote.example?x",
        ])
    func refused(url: String) {
        #expect(ServerAddress(url: url) == nil)
    }
}
