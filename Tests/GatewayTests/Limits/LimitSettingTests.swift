import Gateway
import Testing

@Suite struct LimitSettingTests {
    @Test func aSettingChangesItsLimitAndNoOther() throws {
        for setting in LimitSetting.all {
            var limits = ServerLimits()
            let value = setting.value(in: limits)
            let other = setting.name == "continuation-frames" ? value - 1 : value + 1
            try LimitSetting.set("\(setting.name)=\(other)", in: &limits)
            for each in LimitSetting.all {
                let expected = each.name == setting.name ? other : each.value(in: ServerLimits())
                #expect(each.value(in: limits) == expected, "\(each.name) after \(setting.name)")
            }
        }
    }

    @Test func namesAreUniqueAndHoldForTheMetricToo() {
        let names = LimitSetting.all.map(\.name)
        #expect(Set(names).count == names.count)
        // What has no setting of its own is the contract's.
        #expect(
            Limit.allCases.map(\.rawValue).filter { !names.contains($0) } == [
                "protocol-errors", "body-bytes",
            ])
    }

    @Test func whatCannotBeTakenIsNamed() {
        var limits = ServerLimits()
        func fault(_ text: String) -> LimitSetting.Fault? {
            do throws(LimitSetting.Fault) {
                try LimitSetting.set(text, in: &limits)
                return nil
            } catch {
                return error
            }
        }
        #expect(fault("none=1") == .unknown("none"))
        #expect(fault("connections") == .noNumber("connections"))
        #expect(fault("connections=") == .noNumber("connections"))
        #expect(fault("connections=1.5") == .noNumber("connections"))
        #expect(fault("connections=0") == .outOfRange("connections", 1...1_000_000))
        #expect(fault("idle-time=86401") == .outOfRange("idle-time", 1...86_400))
    }
}
