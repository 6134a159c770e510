import Foundation

/// What the measurements of one run share.
final class Session {
    let scale: Scale
    let workspace: Workspace
    /// The `tally` program that is measured.
    let program: String
    /// Measured once, and put beside both databases.
    private var stream: Figure?
    private var filled: FilledServer?

    init(scale: Scale, workspace: Workspace, program: String) {
        self.scale = scale
        self.workspace = workspace
        self.program = program
    }

    /// Says what is going on, on standard error.
    func note(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }

    /// Runs a body as often as the scale says.
    func runs<Result>(_ what: String, _ body: (Int) throws -> Result) throws -> [Result] {
        try (1...scale.runs).map { run in
            let watch = Stopwatch()
            let result = try body(run)
            note(String(format: "  %@, run %d: %.1f s", what, run, watch.seconds))
            return result
        }
    }

    /// Votes/s of the stream, measured when first asked for.
    func streamFigure(_ measure: () throws -> Figure) throws -> Figure {
        if let stream { return stream }
        let figure = try measure()
        stream = figure
        return figure
    }

    /// The server that memory and recovery are measured with, filled when first asked for.
    func filledServer() throws -> FilledServer {
        if let filled { return filled }
        let server = try FilledServer(self)
        filled = server
        return server
    }

    /// Nobody needs that server any more.
    func filledServerIsUsedUp() {
        filled = nil
    }
}
