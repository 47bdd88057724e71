#include "daemon/recordings.hpp"

#include "daemon/handover.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>
#include <vector>

namespace lotgate::site {

namespace fs = std::filesystem;

struct Recordings::Writer {
    explicit Writer(std::string folder_) : folder(std::move(folder_)) {
        name_thread(thread, "recordings");
    }

    /// Numbered with leading zeros: the order of names is the order of events.
    [[nodiscard]] fs::path file_of(std::uint64_t seq) const {
        return fs::path(folder) / fmt::format("{:020}.json", seq);
    }

    /// Writer thread only.
    void write(std::uint64_t seq, const std::string& text) {
        std::error_code error;
        if (!is_counted) count();
        fs::create_directories(folder, error);
        std::ofstream file(file_of(seq), std::ios::binary | std::ios::trunc);
        file << text;
        file.close();
        if (!file) {
            if (!has_complained) spdlog::warn("{}: a recording could not be kept", folder);
            has_complained = true;
            return;
        }
        has_complained = false;
        if (++files > files_max + files_max / 10) prune();
    }

    void count() {
        is_counted = true;
        prune();
    }

    void prune() {
        std::vector<fs::path> names;
        std::error_code error;
        for (const auto& entry : fs::directory_iterator(folder, error)) {
            if (entry.path().extension() == ".json") names.push_back(entry.path());
        }
        std::sort(names.begin(), names.end());
        for (; names.size() > files_max; names.erase(names.begin())) {
            fs::remove(names.front(), error);
        }
        files = names.size();
    }

    const std::string folder;
    std::size_t files = 0;
    bool is_counted = false;
    bool has_complained = false;
    std::atomic<std::size_t> waiting{0};
    std::atomic<std::uint64_t> not_kept{0};
    boost::asio::thread_pool thread{1};
};

Recordings::Recordings(std::string folder) : writer_(std::make_unique<Writer>(std::move(folder))) {}

Recordings::~Recordings() {
    writer_->thread.join();
}

bool Recordings::keep(std::uint64_t seq, std::function<std::string()> text) {
    Writer* const writer = writer_.get();
    if (writer->waiting.fetch_add(1) >= waiting_max) {
        writer->waiting.fetch_sub(1);
        ++writer->not_kept;
        return false;
    }
    boost::asio::post(writer->thread, [writer, seq, text = std::move(text)] {
        writer->write(seq, text());
        writer->waiting.fetch_sub(1);
    });
    return true;
}

void Recordings::forget_through(std::uint64_t seq) {
    Writer* const writer = writer_.get();
    boost::asio::post(writer->thread, [writer, seq] {
        const fs::path last = writer->file_of(seq).filename();
        std::error_code error;
        for (const auto& entry : fs::directory_iterator(writer->folder, error))
            if (entry.path().extension() == ".json" && entry.path().filename() <= last)
                fs::remove(entry.path(), error);
        writer->is_counted = false;
    });
}

Result<std::string> Recordings::read(std::uint64_t seq) const {
    std::ifstream file(writer_->file_of(seq), std::ios::binary);
    if (!file) {
        return fail(FaultCode::invalid_input,
                    "nothing of the wire was kept of that event",
                    std::to_string(seq));
    }
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::uint64_t Recordings::not_kept() const {
    return writer_->not_kept;
}

}  // namespace lotgate::site
