# Warnings are errors, in our code only: what Debian ships is included as SYSTEM.
add_library(lotgate_warnings INTERFACE)
target_compile_options(lotgate_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Wextra-semi -Wimplicit-fallthrough -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # -Wnull-dereference needs the optimiser to be right, and is wrong inside coroutines at -O2.
  target_compile_options(lotgate_warnings INTERFACE $<$<CONFIG:Debug>:-Wnull-dereference>)
  # g++ 12 at -O2 takes the inlined allocation of Asio's coroutine frames for a mismatch, sees
  # values of optionals as uninitialised, and a string put into a string as overlapping itself or
  # too long for it (gcc bug 105651), in precompiled headers of the system too; the debug builds
  # keep these warnings.
  target_compile_options(lotgate_warnings INTERFACE $<$<CONFIG:RelWithDebInfo>:
    -Wno-mismatched-new-delete -Wno-maybe-uninitialized -Wno-restrict -Wno-array-bounds
    -Wno-stringop-overflow -Wno-stringop-overread>)
endif()

# Where several files are compiled as one (the release preset), all but the first count as included,
# and g++ says of each class with a member of an unnamed namespace that two files might share it.
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(lotgate_warnings INTERFACE -Wno-subobject-linkage)
endif()

# lotgate_precompile(TARGET…): what most files include is read once for each of these, the ones of
# many files. CMakePresets.json turns it off where files must stand alone (quick, tidy, fuzz): a file
# includes what it uses.
function(lotgate_precompile)
  foreach(target IN LISTS ARGN)
    if(TARGET ${target})
      target_precompile_headers(${target} PRIVATE <algorithm> <chrono> <functional> <map> <memory>
        <optional> <string> <string_view> <variant> <vector> <fmt/format.h> <tl/expected.hpp>)
      target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
    endif()
  endforeach()
endfunction()

# Hardening of what ships (docs/SECURITY.md).
if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo" AND NOT LOTGATE_FUZZ)
  add_compile_options(-fstack-protector-strong -fstack-clash-protection -fcf-protection
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  add_link_options(-Wl,-z,relro,-z,now -pie)
endif()

if(LOTGATE_SANITIZE)
  string(REPLACE "," ";" sanitizers "${LOTGATE_SANITIZE}")
  foreach(sanitizer IN LISTS sanitizers)
    add_compile_options(-fsanitize=${sanitizer})
    add_link_options(-fsanitize=${sanitizer})
  endforeach()
  add_compile_options(-fno-omit-frame-pointer -fno-sanitize-recover=all)
  if("address" IN_LIST sanitizers)
    # Recycled coroutine frames hide a use after free from ASan.
    add_compile_definitions(BOOST_ASIO_DISABLE_AWAITABLE_FRAME_RECYCLING)
  endif()
  if("thread" IN_LIST sanitizers)
    add_compile_options(-Wno-tsan)
  endif()
endif()
if(LOTGATE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
endif()

# Debug information is half of a debug build's time and disk; -g1 keeps line numbers in traces.
# What ships is stripped, so the release build makes none: a seventh of its time.
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
set(CMAKE_C_FLAGS_DEBUG "-O0 -g1")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2")

# Sixty test programs with sanitizers: ld takes four seconds for each, mold one. What ships is linked
# by the distribution's own linker.
find_program(MOLD mold)
if(MOLD AND LOTGATE_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_link_options(-fuse-ld=mold)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}
    CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

include_directories(${CMAKE_SOURCE_DIR})
