# What is installed, and the Debian packages made of it by CPack (`./dev package`):
#   lotgate      lotgated and lotgate, unit, user, device names, configuration, labels, man pages
#   lotgate-hub  the cloud side
#   lotgate-sim  the simulated devices
# Components carry the packages' names. Scripts and texts of the packages: systemd/debian/.
include(GNUInstallDirs)

set(package_texts ${CMAKE_BINARY_DIR}/package)
set(debian ${CMAKE_SOURCE_DIR}/systemd/debian)
set(conffiles_lotgate "")
set(conffiles_lotgate-hub "")

# Debian wants manuals and changelogs compressed, without the time of the compression.
function(install_compressed source name folder component)
  set(made ${package_texts}/${component}/${name}.gz)
  get_filename_component(made_folder ${made} DIRECTORY)
  file(MAKE_DIRECTORY ${made_folder})
  execute_process(COMMAND gzip -9nc ${source} OUTPUT_FILE ${made} COMMAND_ERROR_IS_FATAL ANY)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
  install(FILES ${made} DESTINATION ${folder} COMPONENT ${component})
endfunction()

# Files below /etc are the administrator's: dpkg keeps what was changed in them.
macro(install_conffiles component folder)
  install(FILES ${ARGN} DESTINATION ${folder} COMPONENT ${component})
  foreach(conffile ${ARGN})
    get_filename_component(conffile_name ${conffile} NAME)
    string(APPEND conffiles_${component} "${folder}/${conffile_name}\n")
  endforeach()
endmacro()

function(install_program target component man)
  if(TARGET ${target})
    install(TARGETS ${target} RUNTIME DESTINATION bin COMPONENT ${component})
  endif()
  get_filename_component(man_name ${man} NAME)
  string(REGEX REPLACE ".*\\." "" section ${man_name})
  install_compressed(${man} ${man_name} share/man/man${section} ${component})
endfunction()

foreach(component lotgate lotgate-hub lotgate-sim)
  install(FILES ${debian}/copyright DESTINATION share/doc/${component} COMPONENT ${component})
  install_compressed(${debian}/changelog changelog share/doc/${component} ${component})
endforeach()

set(man ${CMAKE_SOURCE_DIR}/docs/man)
install_program(lotgated lotgate ${man}/lotgated.8)
install_program(lotgate lotgate ${man}/lotgate.1)
install_program(lotgate-hub lotgate-hub ${man}/lotgate-hub.8)
install_program(lotgate-sim lotgate-sim ${man}/lotgate-sim.1)

set(systemd ${CMAKE_SOURCE_DIR}/systemd)
install(FILES ${systemd}/lotgate.service ${systemd}/lotgate-archive.service
  ${systemd}/lotgate-archive.timer DESTINATION /lib/systemd/system COMPONENT lotgate)
install(FILES ${systemd}/lotgate.sysusers DESTINATION lib/sysusers.d RENAME lotgate.conf
  COMPONENT lotgate)
install(FILES ${systemd}/lotgate.tmpfiles DESTINATION lib/tmpfiles.d RENAME lotgate.conf
  COMPONENT lotgate)
install(FILES ${systemd}/60-lotgate.rules DESTINATION /lib/udev/rules.d COMPONENT lotgate)
install(FILES ${systemd}/lotgate-hub.service DESTINATION /lib/systemd/system COMPONENT lotgate-hub)
install(FILES ${systemd}/lotgate-hub.sysusers DESTINATION lib/sysusers.d RENAME lotgate-hub.conf
  COMPONENT lotgate-hub)
install(FILES ${systemd}/lotgate-hub.default DESTINATION /etc/default RENAME lotgate-hub
  COMPONENT lotgate-hub)
string(APPEND conffiles_lotgate-hub "/etc/default/lotgate-hub\n")

set(config ${CMAKE_SOURCE_DIR}/config)
file(GLOB labels CONFIGURE_DEPENDS ${config}/labels/*.zpl ${config}/labels/*.tspl)
file(GLOB maps CONFIGURE_DEPENDS ${config}/maps/*.toml)
install_conffiles(lotgate /etc/lotgate ${config}/lotgate.toml)
install_conffiles(lotgate /etc/lotgate/labels ${labels})
install_conffiles(lotgate /etc/lotgate/maps ${maps})

set(doc share/doc/lotgate)
install(FILES ${config}/lotgate.toml DESTINATION ${doc}/examples COMPONENT lotgate)
file(GLOB examples CONFIGURE_DEPENDS ${config}/examples/*.toml ${config}/examples/*.csv
  ${config}/examples/*.json)
install(FILES ${examples} DESTINATION ${doc}/examples COMPONENT lotgate)
file(GLOB samples CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/adapters/*/sample.toml)
foreach(sample IN LISTS samples)
  get_filename_component(kind_folder ${sample} DIRECTORY)
  get_filename_component(kind ${kind_folder} NAME)
  install(FILES ${sample} DESTINATION ${doc}/examples/devices RENAME ${kind}.toml
    COMPONENT lotgate)
endforeach()
foreach(page INSTALL SECURITY OPERATING)
  if(EXISTS ${CMAKE_SOURCE_DIR}/docs/${page}.md)
    install(FILES ${CMAKE_SOURCE_DIR}/docs/${page}.md DESTINATION ${doc} COMPONENT lotgate)
  endif()
endforeach()

# dpkg reads the scripts by these names, so each package has a folder of its own.
foreach(script postinst prerm postrm)
  configure_file(${debian}/${script} ${package_texts}/lotgate/${script} COPYONLY)
  configure_file(${debian}/hub.${script} ${package_texts}/lotgate-hub/${script} COPYONLY)
endforeach()
file(CONFIGURE OUTPUT ${package_texts}/lotgate/conffiles CONTENT "${conffiles_lotgate}" @ONLY)
file(CONFIGURE OUTPUT ${package_texts}/lotgate-hub/conffiles CONTENT "${conffiles_lotgate-hub}" @ONLY)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME lotgate)
set(CPACK_PACKAGE_VENDOR "lotgate")
# Each component's first line is its synopsis; CPack would put the project's above it.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ
  GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL lotgate lotgate-hub lotgate-sim)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "lotgate maintainers <maintainers@lotgate.invalid>")
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)

# Suffixes of CPack's variables are the components' names in capitals.
set(CPACK_DEBIAN_LOTGATE_PACKAGE_NAME lotgate)
set(CPACK_DEBIAN_LOTGATE_PACKAGE_SECTION net)
set(CPACK_DEBIAN_LOTGATE_PACKAGE_DEPENDS
  "systemd | systemd-standalone-sysusers, systemd | systemd-standalone-tmpfiles, tzdata")
set(CPACK_DEBIAN_LOTGATE_PACKAGE_RECOMMENDS "udev")
set(CPACK_DEBIAN_LOTGATE_PACKAGE_SUGGESTS "mosquitto")
set(CPACK_DEBIAN_LOTGATE_PACKAGE_CONTROL_EXTRA
  "${package_texts}/lotgate/postinst;${package_texts}/lotgate/prerm;${package_texts}/lotgate/postrm;${package_texts}/lotgate/conffiles")
set(CPACK_COMPONENT_LOTGATE_DESCRIPTION "edge gateway for warehouse devices
One daemon per warehouse site. It talks to barcode scanners, label printers
and conveyor PLCs over serial lines, TCP, MQTT and Modbus, decides offline
whether each unit may be received, packed, diverted or shipped under its
serial and lot rules, commits every decision before it answers, and
reconciles with the cloud when there is a network.")
set(CPACK_DEBIAN_LOTGATE-HUB_PACKAGE_NAME lotgate-hub)
set(CPACK_DEBIAN_LOTGATE-HUB_PACKAGE_SECTION net)
set(CPACK_DEBIAN_LOTGATE-HUB_PACKAGE_DEPENDS
  "systemd | systemd-standalone-sysusers")
set(CPACK_DEBIAN_LOTGATE-HUB_PACKAGE_SUGGESTS "postgresql, mosquitto")
set(CPACK_DEBIAN_LOTGATE-HUB_PACKAGE_CONTROL_EXTRA
  "${package_texts}/lotgate-hub/postinst;${package_texts}/lotgate-hub/prerm;${package_texts}/lotgate-hub/postrm;${package_texts}/lotgate-hub/conffiles")
set(CPACK_COMPONENT_LOTGATE-HUB_DESCRIPTION "cloud side of the lotgate warehouse gateway
Takes the ledgers of warehouse sites over MQTT into PostgreSQL, acknowledges
what is committed, and sends down products, announced goods, orders, holds
and recalls.")
set(CPACK_DEBIAN_LOTGATE-SIM_PACKAGE_NAME lotgate-sim)
set(CPACK_DEBIAN_LOTGATE-SIM_PACKAGE_SECTION net)
set(CPACK_COMPONENT_LOTGATE-SIM_DESCRIPTION "simulated warehouse devices for lotgate
Barcode scanners, label printers and conveyor PLCs that speak the real
protocols and can be told to fail: for demonstrations and tests of a site's
configuration without hardware.")
include(CPack)
