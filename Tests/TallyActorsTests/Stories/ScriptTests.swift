import Testing

@Suite("Stories that people can read")
struct ScriptTests {
    @Test(
        "come out as they are told, also with a restart after every line", arguments: Script.all,
        [false, true])
    func story(script: Script, restarting: Bool) async throws {
        #expect(!script.lines.isEmpty, "\(script.name) cannot be read")
        var stage = try await Stage()
        for (index, line) in script.lines.enumerated() {
            let played = try await stage.play(line.text)
            if let played {
                #expect(played == line.text, sourceLocation: line.location)
            } else {
                Issue.record("nobody understands this line", sourceLocation: line.location)
            }
            if restarting { try await stage.restart(snapshot: index % 3 == 0) }
        }
        await stage.end()
    }

    @Test("are all there")
    func found() {
        #expect(Script.all.count >= 12)
    }

    @Test("fail with what nobody understands, and with what comes out otherwise")
    func failures() async throws {
        var stage = try await Stage()
        for line in [
            "Anna sings", "Anna votes for \"trees\"", "Then all is well", "At noon",
            "A consultation \"C\" with a phase \"a\" (lottery) on \"trees\": created",
        ] {
            #expect(try await stage.play(line) == nil)
        }
        let definition = "A consultation \"C\" with a phase \"a\" (support) on \"trees\": "
        #expect(try await stage.play(definition + "changed") == definition + "created")
        #expect(
            try await stage.play("Then \"trees\" in \"a\" has support 7, and there are 7 voters")
                == "Then \"trees\" in \"a\" has support 0, and there are 0 voters")
        await stage.end()
    }
}
