// Links over a character device that is no terminal, such as the kernel's USB printer driver.

#include "adapters/transport/byte_stream.hpp"
#include "adapters/transport/stream_of.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lotgate::adapters {

namespace {

using DeviceStream = detail::StreamOf<boost::asio::posix::stream_descriptor>;

Fault open_fault(int error, const std::string& path) {
    switch (error) {
        case ENOENT:
        case ENXIO:
        case ENODEV:
            return {FaultCode::unavailable,
                    "no such device " + path + ": is the USB cable in, and the printer on?"};
        case EACCES:
        case EPERM:
            return {FaultCode::invalid_input,
                    "no permission for " + path + ": is the daemon's user in the group lp?"};
        case EBUSY:
        case EWOULDBLOCK:
            return {FaultCode::conflict, path + " is held by another program (CUPS?)"};
        default:
            return {FaultCode::unavailable, path + ": " + std::generic_category().message(error)};
    }
}

bool is_character_device(int device) {
    struct stat status {};

    return ::fstat(device, &status) == 0 && S_ISCHR(status.st_mode);
}

}  // namespace

CharDeviceConfig parse_char_device(SettingsTable& table, std::string default_path) {
    CharDeviceConfig config;
    config.path = table.text("port", std::move(default_path));
    return config;
}

boost::asio::awaitable<Result<std::unique_ptr<ByteStream>>> open_char_device(
    CharDeviceConfig config) {
    const auto loop = co_await boost::asio::this_coro::executor;
    const int device = ::open(config.path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (device < 0) co_return fail(open_fault(errno, config.path));
    boost::asio::posix::stream_descriptor link(loop, device);  // closes it, whatever follows
    if (!is_character_device(device))
        co_return fail(FaultCode::invalid_input, config.path + " is not a device");
    if (::flock(device, LOCK_EX | LOCK_NB) != 0) co_return fail(open_fault(errno, config.path));
    std::unique_ptr<ByteStream> stream = std::make_unique<DeviceStream>(
        std::move(link), config.path, " (was the cable pulled, or the printer switched off?)");
    co_return Result<std::unique_ptr<ByteStream>>(std::move(stream));
}

}  // namespace lotgate::adapters
