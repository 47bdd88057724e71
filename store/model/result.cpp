#include "store/model/result.hpp"

namespace lotgate {

std::string_view name_of(FaultCode code) {
    switch (code) {
        case FaultCode::invalid_input:
            return "invalid_input";
        case FaultCode::unavailable:
            return "unavailable";
        case FaultCode::timed_out:
            return "timed_out";
        case FaultCode::closed:
            return "closed";
        case FaultCode::full:
            return "full";
        case FaultCode::corrupt:
            return "corrupt";
        case FaultCode::store_unsafe:
            return "store_unsafe";
        case FaultCode::conflict:
            return "conflict";
    }
    return "unknown";
}

}  // namespace lotgate
