// swift-tools-version: 6.2
import PackageDescription

/// Warnings are errors, and Swift 6 mode (the tools version's default) checks concurrency strictly.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// What is fuzzed tells libFuzzer where it goes; and a read beyond a buffer ends it.
let fuzzed = strict + [.unsafeFlags(["-sanitize=fuzzer,address"])]

/// A package of its own, so that nobody who builds Tally builds it instrumented. Its sources are links
/// to Tally's own: targets of one package, they see each other's `package` declarations, and
/// of `Gateway` only what reads and writes bytes is built.
let package = Package(
    name: "tally-fuzzing",
    products: [
        .executable(name: "fuzz", targets: ["fuzz"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    ],
    targets: [
        .systemLibrary(name: "CLibFuzzer"),
        .target(
            name: "Persistence",
            dependencies: [
                .product(name: "Crypto", package: "swift-crypto")
            ],
            swiftSettings: fuzzed),
        .target(
            name: "TallyActors",
            dependencies: [
                "Persistence",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .target(
            name: "Gateway",
            dependencies: [
                "TallyActors",
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: fuzzed),
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "CLibFuzzer", "Gateway", "Persistence", "TallyActors",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: strict,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]),
    ]
)
