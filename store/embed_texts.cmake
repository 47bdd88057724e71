# Writes a C++ source that holds text files as string constants.
#   cmake -DOUT=x.cpp -DKIND=migrations|transitions -DFILES=a;b -P embed_texts.cmake
set(body "")
if(KIND STREQUAL "migrations")
  string(APPEND body "#include \"store/sqlite/migrations.hpp\"\n\n#include <array>\n\n"
    "namespace lotgate::store::sqlite {\n\nnamespace {\n\n"
    "constexpr auto migration_steps = std::to_array<Migration>({\n")
  foreach(file IN LISTS FILES)
    get_filename_component(name ${file} NAME_WE)
    string(REGEX MATCH "^0*([0-9]+)" ignored ${name})
    file(READ ${file} text)
    string(APPEND body "    {${CMAKE_MATCH_1}, \"${name}\", R\"lgtext(${text})lgtext\"},\n")
  endforeach()
  string(APPEND body "});\n\n}  // namespace\n\nstd::span<const Migration> migrations() {\n"
    "    return migration_steps;\n}\n\n}  // namespace lotgate::store::sqlite\n")
else()
  file(READ ${FILES} text)
  string(APPEND body "#include \"store/rules/life_cycle.hpp\"\n\nnamespace lotgate::rules {\n\n"
    "std::string_view transitions_csv() {\n    return R\"lgtext(${text})lgtext\";\n}\n\n"
    "}  // namespace lotgate::rules\n")
endif()
file(WRITE ${OUT} "${body}")
