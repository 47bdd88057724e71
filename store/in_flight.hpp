#pragma once

// Which scan is being decided right now, in a file that outlives the process: mapped memory, never
// synced, since it has to survive a crash of the program and not one of the machine. A scan during
// whose decision the program ended twice in a row is a suspect at the next start. The file is set
// for the microseconds of a decision and not for the commit, so that a kill from outside, which
// comes while the disk is waited for, accuses nobody. Store thread only.

#include "store/model/result.hpp"
#include "store/rules/attempt.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace lotgate::store {

class InFlight {
public:
    /// Makes the file or takes over what the last process left in it.
    [[nodiscard]] static Result<std::unique_ptr<InFlight>> open(const std::string& path);

    InFlight(const InFlight&) = delete;
    InFlight& operator=(const InFlight&) = delete;
    ~InFlight();

    struct Suspect {
        std::string station;
        std::string step;
        std::string raw;
        std::uint32_t ended = 0;  ///< how often the program ended while deciding it, in a row
    };

    /// What the last process was deciding when it ended.
    [[nodiscard]] std::optional<Suspect> suspect() const;

    /// Around a decision. A scan without bytes, or with more than the file takes, is not noted.
    void enter(const rules::Attempt& attempt);
    void leave();

    static constexpr std::size_t bytes_max = 8000;

private:
    struct Page;

    explicit InFlight(Page* page) : page_(page) {}

    Page* page_;
    bool is_noted_ = false;
};

/// Names a scan whoever sends it again, under whatever request id.
[[nodiscard]] std::string scan_identity(const std::string& station,
                                        std::string_view step,
                                        const std::string& raw);

}  // namespace lotgate::store
