import Foundation

/// A program that is not ours, run to its end.
struct Tool {
    var status: Int32
    var output: String

    /// Runs `name`, found in PATH. Standard error is part of the output.
    static func run(_ name: String, _ arguments: String...) async throws -> Tool {
        try await run(name, arguments)
    }

    static func run(_ name: String, _ arguments: [String], input: String = "") async throws -> Tool
    {
        try await blocking { try runAndWait(name, arguments, input) }
    }

    private static func runAndWait(
        _ name: String, _ arguments: [String], _ input: String
    ) throws -> Tool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["timeout", "60", name] + arguments
        let output = Pipe()
        let inputPipe = Pipe()
        process.standardOutput = output
        process.standardError = output
        process.standardInput = inputPipe
        try process.run()
        inputPipe.fileHandleForWriting.write(Data(input.utf8))
        try inputPipe.fileHandleForWriting.close()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Tool(
            status: process.terminationStatus, output: String(decoding: bytes, as: UTF8.self))
    }
}
