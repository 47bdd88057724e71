#pragma once

// Hands a checked file over to the site: a small one in one request, a large one staged slice by
// slice, where nothing sees it, and then put in force by one (decision 0050).

#include "daemon/cli/command_line.hpp"
#include "daemon/cli/pins.hpp"
#include "daemon/cli/source.hpp"
#include "store/model/result.hpp"

#include <boost/json/fwd.hpp>

#include <cstdint>
#include <string>

namespace lotgate::cli {

/// What was found when the file was checked.
struct CheckedFile {
    std::int64_t items = 0;
    std::size_t bytes = 0;     ///< of all items as they are sent
    std::int64_t changed = 0;  ///< of the stock, in thousandths; 0 where the site was not asked
    std::string fingerprint;
};

class ImportSender {
public:
    ImportSender(const Invocation& said, const CheckedFile& file, Pins pins)
        : said_(&said), file_(&file), pins_(std::move(pins)) {}

    /// One item, in the order of the file.
    [[nodiscard]] Result<> take(const std::string& item);
    /// After the last item: the file is in force as a whole, or a fault says why not.
    [[nodiscard]] Result<> finish();

    [[nodiscard]] const Trouble& trouble() const { return trouble_; }

    [[nodiscard]] bool was_done_before() const { return is_replay_; }

    /// Something of the file lies at the site and waits for the rest.
    [[nodiscard]] bool has_staged() const { return staged_ > 0; }

    [[nodiscard]] std::string import_id() const;

private:
    [[nodiscard]] bool is_small() const;
    [[nodiscard]] Result<> send_slice();
    [[nodiscard]] Result<> post(const char* operation, boost::json::object body);

    /// What the site said to a request.
    struct Said {
        bool is_refused = false;
        bool is_replay = false;
        std::string code;
        std::string told;
    };

    [[nodiscard]] Result<Said> ask(const char* operation, const boost::json::object& body);

    const Invocation* said_;
    const CheckedFile* file_;
    const Pins pins_;
    std::string items_;
    std::int64_t count_ = 0;
    std::int64_t staged_ = 0;
    bool is_replay_ = false;
    Trouble trouble_;
};

}  // namespace lotgate::cli
