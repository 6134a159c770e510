// swift-tools-version: 6.2
import PackageDescription

/// Warnings are errors, and Swift 6 mode (the tools version's default) checks concurrency strictly.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// A package of its own, so that nobody who builds Tally builds its benchmarks. It drives real
/// processes and shares no code with what it measures.
let package = Package(
    name: "tally-benchmarks",
    products: [
        .executable(name: "bench", targets: ["bench"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
    ],
    targets: [
        .executableTarget(
            name: "bench",
            dependencies: [
                .product(name: "ArgumentParser", package: "swift-argument-parser")
            ],
            swiftSettings: strict)
    ]
)
