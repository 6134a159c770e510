import CLibFuzzer
import Glibc

/// What may be fuzzed, by name.
let targets: [String: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32] = [
    "vote-line": { VoteLineTarget.run(UnsafeRawBufferPointer(start: $0, count: $1)) },
    "json": { JSONTarget.run(UnsafeRawBufferPointer(start: $0, count: $1)) },
    "journal": { JournalTarget.run(UnsafeRawBufferPointer(start: $0, count: $1)) },
    "snapshot": { SnapshotTarget.run(UnsafeRawBufferPointer(start: $0, count: $1)) },
]

// From the environment, since libFuzzer starts this program anew, with options of its own, when it
// merges.
let name = getenv("TARGET").map { String(cString: $0) } ?? ""
guard let target = targets[name] else {
    fatalError("TARGET is none of \(targets.keys.sorted().joined(separator: ", "))")
}
var count = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
exit(LLVMFuzzerRunDriver(&count, &arguments, target))
