#pragma once

// A Disk as SQLite's file system: registered as the default one, so that the store, unchanged,
// runs on it. Several connections of one process, threads included; write-ahead log included.

#include "tests/powercut/disk.hpp"

namespace lotgate::powercut {

/// From now on every connection of this process opens its files on `disk`. Replaces the disk of
/// an earlier call: no connection may be open then. `disk` outlives all connections.
void use_disk(Disk& disk);

/// Connections that are open on it: 0 before power may be cut for good.
[[nodiscard]] int open_files();

}  // namespace lotgate::powercut
