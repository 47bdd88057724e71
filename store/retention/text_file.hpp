#pragma once

// Lines of text in a zstd-compressed file (RFC 8878), written once and read from the beginning:
// `zstd -dc FILE` shows them. A file is under its name only when all of it is on the disk.

#include "store/model/ledger_row.hpp"
#include "store/model/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace lotgate::store {

class TextFileWriter {
public:
    /// Writes to `path`.part first, over what an attempt that ended early left there.
    [[nodiscard]] static Result<std::unique_ptr<TextFileWriter>> create(const std::string& path);

    TextFileWriter(const TextFileWriter&) = delete;
    TextFileWriter& operator=(const TextFileWriter&) = delete;
    ~TextFileWriter();

    /// Without its line feed, and with none in it. Errors are told by finish().
    void line(std::string_view text);
    /// SHA-256 of all lines so far, each with its line feed.
    [[nodiscard]] Hash digest_so_far() const;
    /// Syncs the file, gives it its name, syncs the folder. SHA-256 of the file as it is.
    [[nodiscard]] Result<Hash> finish();

private:
    struct State;

    explicit TextFileWriter(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

class TextFileReader {
public:
    static constexpr std::size_t line_bytes_max = 64UL * 1024 * 1024;

    [[nodiscard]] static Result<std::unique_ptr<TextFileReader>> open(const std::string& path);

    TextFileReader(const TextFileReader&) = delete;
    TextFileReader& operator=(const TextFileReader&) = delete;
    ~TextFileReader();

    /// False at the end. corrupt: the file is cut, changed, or no such file at all.
    [[nodiscard]] Result<bool> next(std::string& line);
    /// Of the lines before the one read last.
    [[nodiscard]] Hash digest_before() const;
    /// After the end: of the file as it is.
    [[nodiscard]] Hash file_digest() const;

private:
    struct State;

    explicit TextFileReader(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

/// Syncs a folder, so that names in it last.
[[nodiscard]] Result<> sync_folder(const std::string& folder);

}  // namespace lotgate::store
