# All from Debian 12 (README lists the packages; `./dev` installs them).
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_package(tl-expected REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(PostgreSQL REQUIRED)
find_package(Catch2 2 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(PahoMqttCpp QUIET)
pkg_check_modules(MODBUS REQUIRED IMPORTED_TARGET libmodbus)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(SYSTEMD REQUIRED IMPORTED_TARGET libsystemd)
pkg_check_modules(TOMLPP REQUIRED IMPORTED_TARGET tomlplusplus)

# Asio from Boost, headers only; errors always come back as values (as_tuple).
add_library(lotgate_asio INTERFACE)
target_link_libraries(lotgate_asio INTERFACE Boost::headers Threads::Threads)
target_compile_definitions(lotgate_asio INTERFACE BOOST_ASIO_NO_DEPRECATED
  BOOST_ASIO_DISABLE_VISIBILITY)

# Debian's Paho packages carry no usable CMake configuration for the C++ library.
add_library(lotgate_paho INTERFACE)
target_link_libraries(lotgate_paho INTERFACE paho-mqttpp3 paho-mqtt3as)
