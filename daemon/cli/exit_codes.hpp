#pragma once

// What the command ends with (docs/data/api.md, "The command"). Scripts may rely on them.

namespace lotgate::cli {

enum Exit : int {
    exit_ok = 0,
    exit_failed = 1,      ///< the question or the work failed
    exit_usage = 2,       ///< not understood
    exit_problems = 3,    ///< it worked, and found something wrong
    exit_refused = 4,     ///< a rule said no
    exit_away = 69,       ///< the daemon or a device is away (EX_UNAVAILABLE)
    exit_try_later = 75,  ///< too much waits (EX_TEMPFAIL)
    exit_config = 78,     ///< the configuration is wrong (EX_CONFIG)
};

}  // namespace lotgate::cli
