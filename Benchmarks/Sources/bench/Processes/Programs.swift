import Foundation

/// Where Debian keeps programs, also those that are not on everybody's path.
private let programDirectories = ["/usr/local/bin", "/usr/bin", "/usr/sbin", "/bin", "/sbin"]

extension [String] {
    /// The command with the full path of its program.
    /// - Throws: `Fault` when it is not installed.
    func resolved() throws -> [String] {
        let name = self[0]
        if name.contains("/") { return self }
        for directory in programDirectories
        where FileManager.default.isExecutableFile(atPath: "\(directory)/\(name)") {
            return ["\(directory)/\(name)"] + dropFirst()
        }
        throw Fault("\(name) is not installed")
    }
}

/// What a short command prints on standard output.
func output(of command: [String]) throws -> String {
    let process = try ChildProcess(command.resolved(), output: .pipe(errors: "/dev/null"))
    let text = try process.readToEnd()
    try process.finish()
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
}

extension ChildProcess {
    /// Everything that it writes to standard output until it closes that.
    func readToEnd() throws -> String {
        let handle = FileHandle(fileDescriptor: standardOutput, closeOnDealloc: false)
        let bytes = try handle.readToEnd() ?? Data()
        return String(decoding: bytes, as: UTF8.self)
    }
}
