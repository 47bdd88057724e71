#include "store/retention/text_file.hpp"

#include "store/model/sha256.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <unistd.h>
#include <zstd.h>

namespace lotgate::store {

namespace {

constexpr int compression_level = 9;

Fault io_fault(const std::string& what, const std::string& path) {
    return {FaultCode::unavailable,
            fmt::format("{} {}: {}", path, what, std::generic_category().message(errno))};
}

Fault not_whole(const std::string& path, std::string_view why) {
    return {FaultCode::corrupt, fmt::format("{} is not whole: {}", path, why)};
}

std::string folder_of(const std::string& path) {
    const std::string folder = std::filesystem::path(path).parent_path();
    return folder.empty() ? "." : folder;
}

}  // namespace

Result<> sync_folder(const std::string& folder) {
    const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) return fail(io_fault("cannot be opened", folder));
    const bool is_synced = ::fsync(file) == 0;
    const Fault fault = io_fault("cannot be synced", folder);
    ::close(file);
    if (!is_synced) return fail(fault);
    return {};
}

struct TextFileWriter::State {
    std::string path;
    int file = -1;
    ZSTD_CStream* stream = ZSTD_createCStream();
    std::vector<char> out = std::vector<char>(ZSTD_CStreamOutSize());
    Sha256 text;
    Sha256 packed;
    std::optional<Fault> fault;

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    ~State() {
        ZSTD_freeCStream(stream);
        if (file >= 0) ::close(file);
    }

    void write(const char* bytes, std::size_t size) {
        packed.add({bytes, size});
        while (size > 0) {
            const ssize_t done = ::write(file, bytes, size);
            if (done < 0 && errno == EINTR) continue;
            if (done < 0) {
                fault = io_fault("cannot be written", path);
                return;
            }
            bytes += done;
            size -= static_cast<std::size_t>(done);
        }
    }

    void compress(std::string_view bytes, ZSTD_EndDirective how) {
        ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
        while (!fault) {
            ZSTD_outBuffer room{out.data(), out.size(), 0};
            const std::size_t left = ZSTD_compressStream2(stream, &room, &in, how);
            if (ZSTD_isError(left) != 0)
                fault = not_whole(path, ZSTD_getErrorName(left));
            else
                write(out.data(), room.pos);
            const bool is_done = how == ZSTD_e_end ? left == 0 : in.pos == in.size;
            if (is_done) return;
        }
    }
};

TextFileWriter::TextFileWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}

TextFileWriter::~TextFileWriter() = default;

Result<std::unique_ptr<TextFileWriter>> TextFileWriter::create(const std::string& path) {
    auto state = std::make_unique<State>();
    state->path = path;
    const std::string part = path + ".part";
    state->file = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (state->file < 0) return fail(io_fault("cannot be made", part));
    ZSTD_CCtx_setParameter(state->stream, ZSTD_c_compressionLevel, compression_level);
    ZSTD_CCtx_setParameter(state->stream, ZSTD_c_checksumFlag, 1);
    return std::unique_ptr<TextFileWriter>(new TextFileWriter(std::move(state)));
}

void TextFileWriter::line(std::string_view text) {
    for (const std::string_view piece : {text, std::string_view("\n")}) {
        state_->text.add(piece);
        state_->compress(piece, ZSTD_e_continue);
    }
}

Hash TextFileWriter::digest_so_far() const {
    return state_->text.digest();
}

Result<Hash> TextFileWriter::finish() {
    state_->compress({}, ZSTD_e_end);
    if (state_->fault) return fail(*state_->fault);
    const std::string part = state_->path + ".part";
    if (::fsync(state_->file) != 0) return fail(io_fault("cannot be synced", part));
    const int file = std::exchange(state_->file, -1);
    if (::close(file) != 0) return fail(io_fault("cannot be closed", part));
    if (std::rename(part.c_str(), state_->path.c_str()) != 0)
        return fail(io_fault("cannot get its name", state_->path));
    LG_CHECK(sync_folder(folder_of(state_->path)));
    return state_->packed.digest();
}

struct TextFileReader::State {
    std::string path;
    int file = -1;
    ZSTD_DStream* stream = ZSTD_createDStream();
    std::vector<char> in = std::vector<char>(ZSTD_DStreamInSize());
    std::vector<char> out = std::vector<char>(ZSTD_DStreamOutSize());
    ZSTD_inBuffer packed{nullptr, 0, 0};
    std::string text;       ///< unpacked and not yet read as lines
    std::size_t at = 0;     ///< in it
    std::size_t frame = 1;  ///< 0: the compressed frame is complete
    Sha256 before;
    Sha256 whole;
    std::string last;
    bool has_last = false;

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    ~State() {
        ZSTD_freeDStream(stream);
        if (file >= 0) ::close(file);
    }

    /// False at the end of the file.
    Result<bool> read_more() {
        if (packed.pos == packed.size) {
            ssize_t got = -1;
            do {
                got = ::read(file, in.data(), in.size());
            } while (got < 0 && errno == EINTR);
            if (got < 0) return fail(io_fault("cannot be read", path));
            if (got == 0) return false;
            packed = {in.data(), static_cast<std::size_t>(got), 0};
            whole.add({in.data(), packed.size});
        }
        if (frame == 0) return fail(not_whole(path, "something follows its end"));
        ZSTD_outBuffer room{out.data(), out.size(), 0};
        frame = ZSTD_decompressStream(stream, &room, &packed);
        if (ZSTD_isError(frame) != 0) return fail(not_whole(path, ZSTD_getErrorName(frame)));
        text.erase(0, at);
        at = 0;
        text.append(out.data(), room.pos);
        return true;
    }
};

TextFileReader::TextFileReader(std::unique_ptr<State> state) : state_(std::move(state)) {}

TextFileReader::~TextFileReader() = default;

Result<std::unique_ptr<TextFileReader>> TextFileReader::open(const std::string& path) {
    auto state = std::make_unique<State>();
    state->path = path;
    state->file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (state->file < 0) return fail(io_fault("cannot be read", path));
    return std::unique_ptr<TextFileReader>(new TextFileReader(std::move(state)));
}

Result<bool> TextFileReader::next(std::string& line) {
    State& state = *state_;
    if (state.has_last) {
        state.before.add(state.last);
        state.before.add("\n");
        state.has_last = false;
    }
    std::size_t searched = state.at;
    while (true) {
        const std::size_t end = state.text.find('\n', searched);
        if (end != std::string::npos) {
            line.assign(state.text, state.at, end - state.at);
            state.at = end + 1;
            state.last = line;
            state.has_last = true;
            return true;
        }
        const std::size_t unread = state.text.size() - state.at;
        if (unread > line_bytes_max) return fail(not_whole(state.path, "a line is too long"));
        LG_TRY(const bool has_more, state.read_more());
        searched = unread;
        if (has_more) continue;
        if (state.frame != 0 || unread > 0) return fail(not_whole(state.path, "it ends early"));
        return false;
    }
}

Hash TextFileReader::digest_before() const {
    return state_->before.digest();
}

Hash TextFileReader::file_digest() const {
    return state_->whole.digest();
}

}  // namespace lotgate::store
