import ServiceLifecycle

/// Looks at files, until the server goes down, whether they are others than they were.
struct FileWatch: Sendable {
    /// How often.
    static let interval = Duration.milliseconds(250)

    /// Taken before the files were read that are in force.
    let stamps: [SmallFile.Stamp?]
    /// What the files are now.
    let look: @Sendable () -> [SmallFile.Stamp?]

    /// - Parameter changed: is told whether no file is gone that was there since the start.
    func run(_ changed: @escaping @Sendable (_ areAllThere: Bool) async -> Void) async {
        await cancelWhenGracefulShutdown {
            var seen = stamps
            var wasThere = stamps.map { $0 != nil }
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.interval)
                // Before the reading: a change in between is seen the next time.
                guard let found = try? await blocking({ look() }), found != seen else { continue }
                seen = found
                wasThere = zip(wasThere, found).map { $0 || $1 != nil }
                await changed(zip(wasThere, found).allSatisfy { !$0 || $1 != nil })
            }
        }
    }
}
